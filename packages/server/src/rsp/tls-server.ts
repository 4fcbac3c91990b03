import { constants } from 'node:crypto';
import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { type CertifiedKey, certificatePem } from '@esim-rsp/sgp22/pki/certificate';
import { needsBrainpool, readClientHello } from './client-hello.ts';

export type RspServerOptions = {
  /** CERT.DPtls and its key, at most one per curve. Absent: plain HTTP, because a proxy ends TLS. */
  readonly dpTls?: readonly [CertifiedKey, ...CertifiedKey[]] | undefined;
  /** The time to receive one request. */
  readonly requestSeconds: number;
  /** For ES2+: requests a client certificate. TLS proves only its key; the listener identifies the operator. */
  readonly requestClientCertificates?: true;
};

/** Cipher suites of TLS 1.3, and of TLS 1.2 as every LPA supports them (2.6.6.2). All have forward secrecy and authentication. */
const CIPHERS = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
].join(':');

/** The time for one handshake. */
const HANDSHAKE_MS = 10_000;

/** Creates the HTTP server of ES9+ or ES2+, without a listener. It closes slow and half-open connections, so that they cannot exhaust it. */
export function createRspServer({
  dpTls,
  requestSeconds,
  requestClientCertificates: asksForCertificates,
}: RspServerOptions): Server {
  const limits = {
    requestTimeout: requestSeconds * 1000,
    headersTimeout: Math.min(requestSeconds, 10) * 1000,
    connectionsCheckingInterval: 5000,
    keepAliveTimeout: 65_000,
    noDelay: true,
  };
  if (dpTls === undefined) return createHttpServer(limits);
  const [first, second] = dpTls;
  const clientCertificates = asksForCertificates ? clientCertificateOptions : {};
  const server = createHttpsServer({ ...limits, ...tlsOptions(first), ...clientCertificates });
  if (second !== undefined) serveBothCurves(server, first, { ...tlsOptions(second), ...clientCertificates });
  return server;
}

/** Without session tickets: a resumed session has the client certificate, but not its chain. */
const clientCertificateOptions = {
  requestCert: true,
  rejectUnauthorized: false,
  secureOptions: constants.SSL_OP_NO_TICKET,
} as const;

/** The groups for TLS with a Brainpool certificate: OpenSSL offers no Brainpool group by default. */
const BRAINPOOL_GROUPS = 'brainpoolP256r1:brainpoolP256r1tls13:X25519:prime256v1';

const isBrainpool = ({ certificate }: CertifiedKey) => certificate.curve === 'brainpoolP256r1';

function tlsOptions(dpTls: CertifiedKey) {
  return {
    cert: certificatePem(dpTls.certificate),
    key: dpTls.key.exportPem(),
    minVersion: 'TLSv1.2',
    ciphers: CIPHERS,
    honorCipherOrder: true,
    handshakeTimeout: HANDSHAKE_MS,
    ...(isBrainpool(dpTls) && { ecdhCurve: BRAINPOOL_GROUPS }),
  } as const;
}

/**
 * A context of OpenSSL has one certificate for all elliptic curves. So there is one context per curve, and the ClientHello
 * selects it. The connections of both go to the one HTTP server.
 */
function serveBothCurves(server: Server, first: CertifiedKey, second: TlsOptions): void {
  const firstListeners = server.listeners('connection') as ((socket: Socket) => void)[];
  const other = createTlsServer({ ...second, ALPNProtocols: ['http/1.1'] });
  other.on('secureConnection', (socket) => server.emit('secureConnection', socket));
  other.on('tlsClientError', (error, socket) => server.emit('tlsClientError', error, socket));
  server.removeAllListeners('connection');
  server.on('connection', (socket: Socket) =>
    readClientHello(socket, HANDSHAKE_MS, (hello) => {
      if (needsBrainpool(hello) === isBrainpool(first))
        for (const accept of firstListeners) accept.call(server, socket);
      else other.emit('connection', socket);
    }),
  );
}
