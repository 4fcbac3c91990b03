import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type CertifiedKey, certificatePem } from '@esim-rsp/sgp22/pki/certificate';

export type Es9ServerOptions = {
  /** CERT.DPtls and its key; absent: plain HTTP behind a proxy that ends TLS. */
  readonly dpTls?: CertifiedKey | undefined;
  /** How long one request may take to arrive. */
  readonly requestSeconds: number;
};

/** TLS 1.2 with what every LPA has (2.6.6.2), then TLS 1.3; nothing without forward secrecy and authentication. */
const CIPHERS = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
].join(':');

/** The server of ES9+, without its listener. Slow and half-open connections are cut, so that they cannot use it up. */
export function es9Server({ dpTls, requestSeconds }: Es9ServerOptions): Server {
  const limits = {
    requestTimeout: requestSeconds * 1000,
    headersTimeout: Math.min(requestSeconds, 10) * 1000,
    connectionsCheckingInterval: 5000,
    keepAliveTimeout: 65_000,
    noDelay: true,
  };
  if (dpTls === undefined) return createHttpServer(limits);
  return createHttpsServer({
    ...limits,
    cert: certificatePem(dpTls.certificate),
    key: dpTls.key.exportPem(),
    minVersion: 'TLSv1.2',
    ciphers: CIPHERS,
    honorCipherOrder: true,
    handshakeTimeout: 10_000,
  });
}
