import { X509Certificate } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import { certificatesIn } from '@esim-rsp/sgp22/pki/certificate';
import type { Networks } from '../../limits/networks.ts';
import { peerAddressOf } from '../../limits/peer-address.ts';

/** The certificate of a caller. */
export type ClientCertificate = {
  readonly certificate: X509Certificate;
  /** A proxy has seen the handshake: its word that the caller has the key counts for pinned certificates only, and there is no chain. */
  readonly forwarded: boolean;
};

/**
 * The certificate of the TLS handshake; of a listed proxy, the one in its header Client-Cert. The header of anybody else is ignored.
 * undefined: there is none, or it cannot be read.
 */
export function clientCertificateOf(
  { socket, headers }: IncomingMessage,
  proxies: Networks | undefined,
): ClientCertificate | undefined {
  if (proxies?.has(peerAddressOf(socket))) return forwardedIn(headers['client-cert']);
  const certificate = socket instanceof TLSSocket ? socket.getPeerX509Certificate() : undefined;
  return certificate && { certificate, forwarded: false };
}

function forwardedIn(header: string | string[] | undefined): ClientCertificate | undefined {
  const certificate = typeof header === 'string' ? readHeader(header.trim()) : undefined;
  return certificate && { certificate, forwarded: true };
}

/** A Byte Sequence in DER (RFC 9440), or percent-encoded PEM ($ssl_client_escaped_cert of nginx). */
function readHeader(text: string): X509Certificate | undefined {
  try {
    const [, base64] = /^:([A-Za-z0-9+/]+={0,2}):$/.exec(text) ?? [];
    const content =
      base64 === undefined ? Buffer.from(decodeURIComponent(text)) : Buffer.from(base64, 'base64');
    const [der, ...more] = certificatesIn(content);
    return der === undefined || more.length > 0 ? undefined : new X509Certificate(der);
  } catch {
    return undefined; // no percent encoding, or no certificate
  }
}
