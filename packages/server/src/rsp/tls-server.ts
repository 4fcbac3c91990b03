import { constants } from 'node:crypto';
import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions, type Server as TlsServer } from 'node:tls';
import { type CertifiedKey, certificatePem } from '@esim-rsp/sgp22/pki/certificate';
import { handleExpectations } from '../http/expectations.ts';
import { dropUnreadBodies } from '../http/unread-body.ts';
import { needsBrainpool, readClientHello, verifiesBrainpoolInTls13 } from './client-hello.ts';
import { refuseExpectation } from './listener.ts';

/** CERT.DPtls and its key, at most one per curve. */
export type DpTls = readonly [CertifiedKey, ...CertifiedKey[]];

export type RspServerOptions = {
  /** Returns the certificates for new connections: they may change at any time. Absent: plain HTTP, because a proxy ends TLS. */
  readonly dpTls?: (() => DpTls) | undefined;
  /** The time to receive one request. */
  readonly requestSeconds: number;
  /** For ES2+: requests a client certificate. TLS proves only its key; the listener identifies the operator. */
  readonly requestClientCertificates?: true;
};

/**
 * Cipher suites of TLS 1.3, and of TLS 1.2, with forward secrecy and authentication. The two with AES-128 and SHA-256 are mandatory
 * for servers (2.6.6.2); the one with CBC is the last choice.
 */
const CIPHERS = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-ECDSA-AES128-SHA256',
].join(':');

/** A connection on which nothing moves for this time is closed, also if its client does not read the answer. */
const IDLE_MS = 120_000;

/** The time for one handshake. */
const HANDSHAKE_MS = 10_000;

/** Creates the HTTP server of ES9+ or ES2+, without a listener. It closes slow and half-open connections, so that they cannot exhaust it. */
export function createRspServer({
  dpTls,
  requestSeconds,
  requestClientCertificates,
}: RspServerOptions): Server {
  const limits = {
    requestTimeout: requestSeconds * 1000,
    headersTimeout: Math.min(requestSeconds, 10) * 1000,
    connectionsCheckingInterval: 5000,
    keepAliveTimeout: 65_000,
    maxHeaderSize: 16_384,
    noDelay: true,
  };
  const server = dpTls === undefined ? createHttpServer(limits) : createHttpsServer(limits);
  server.timeout = IDLE_MS;
  handleExpectations(server, refuseExpectation);
  dropUnreadBodies(server);
  if (dpTls === undefined) return server;
  serveTls(server, dpTls, requestClientCertificates ? clientCertificateOptions : { secureOptions });
  return server;
}

/** A client may not renegotiate: it would cost a handshake each time, and could change its certificate. */
const secureOptions = constants.SSL_OP_NO_RENEGOTIATION;

/** Without session tickets: a resumed session has the client certificate, but not its chain. */
const clientCertificateOptions = {
  requestCert: true,
  rejectUnauthorized: false,
  secureOptions: secureOptions | constants.SSL_OP_NO_TICKET,
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
    ALPNProtocols: ['http/1.1'],
    ...(isBrainpool(dpTls) && { ecdhCurve: BRAINPOOL_GROUPS }),
  } as const;
}

/**
 * TLS in front of the HTTP server. The certificates are those of the moment in which a client connects; connections that are open keep
 * theirs.
 */
function serveTls(server: Server, dpTls: () => DpTls, options: TlsOptions): void {
  let serving = dpTls();
  let handshake = handshakeFor(server, serving, options);
  server.removeAllListeners('connection');
  server.on('connection', (socket: Socket) => {
    const current = dpTls();
    if (!isSame(serving, current)) {
      serving = current;
      handshake = handshakeFor(server, serving, options);
    }
    handshake(socket);
  });
}

function isSame(a: DpTls, b: DpTls): boolean {
  return a.length === b.length && a.every(({ certificate }, i) => certificate === b[i]?.certificate);
}

/**
 * The handshake with these certificates. A context of OpenSSL has one certificate for all elliptic curves, so there is one context per
 * curve, and the ClientHello selects it. A client that cannot verify Brainpool in TLS 1.3 gets TLS 1.2.
 */
function handshakeFor(server: Server, dpTls: DpTls, options: TlsOptions): (socket: Socket) => void {
  const accept = (dpTls: CertifiedKey, more: TlsOptions = {}) =>
    tlsServer(server, { ...tlsOptions(dpTls), ...options, ...more });
  const nist = dpTls.find((one) => !isBrainpool(one));
  const brainpool = dpTls.find(isBrainpool);
  if (brainpool === undefined) {
    const only = accept(dpTls[0]);
    return (socket) => only.emit('connection', socket);
  }
  const onNist = nist && accept(nist);
  const onBrainpool = accept(brainpool);
  const onBrainpool12 = accept(brainpool, { maxVersion: 'TLSv1.2' });
  const choose = (hello: Buffer) => {
    if (onNist !== undefined && !needsBrainpool(hello)) return onNist;
    return verifiesBrainpoolInTls13(hello) ? onBrainpool : onBrainpool12;
  };
  return (socket) =>
    readClientHello(socket, HANDSHAKE_MS, (hello) => choose(hello).emit('connection', socket));
}

/** A TLS server that does not listen: it gives its connections to the one HTTP server. */
function tlsServer(server: Server, options: TlsOptions): TlsServer {
  const tls = createTlsServer(options);
  tls.on('secureConnection', (socket) => server.emit('secureConnection', socket));
  tls.on('tlsClientError', (error, socket) => server.emit('tlsClientError', error, socket));
  return tls;
}
