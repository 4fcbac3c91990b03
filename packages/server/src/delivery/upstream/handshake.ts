import type { X509Certificate } from 'node:crypto';
import { isIP, type LookupFunction } from 'node:net';
import { checkServerIdentity, connect } from 'node:tls';
import type { Upstream } from '../../store/ports/gateway/upstreams.ts';
import { isPrivateLiteral, PrivateHostError, publicOnly } from '../outbound/resolve.ts';
import { type Es2Network, tlsOf } from './es2-call.ts';

/** What a TLS handshake showed of the server. */
export type Handshake = {
  readonly protocol: string;
  readonly certificate: X509Certificate;
  /** Why the host name is not that of the certificate; absent: it is. */
  readonly nameFault?: string;
  /** The code of what is wrong with certificate and chain; absent: nothing. */
  readonly chainFault?: string;
};

/** Connects to an upstream, and looks at the certificate of the server whatever it is. Rejects if there is no connection. */
export function shakeHands(
  upstream: Upstream,
  { allowPrivate, lookUp }: Es2Network,
  timeoutMs: number,
): Promise<Handshake> {
  const url = new URL(upstream.url);
  if (!allowPrivate && isPrivateLiteral(url)) return Promise.reject(new PrivateHostError());
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const lookup: LookupFunction = allowPrivate ? lookUp : publicOnly(lookUp);
  const { promise, resolve, reject } = Promise.withResolvers<Handshake>();
  const socket = connect({
    host,
    port: Number(url.port || 443),
    ...(isIP(host) === 0 && { servername: host }),
    lookup,
    ...tlsOf(upstream),
    rejectUnauthorized: false, // to say what is wrong; nothing is sent
  });
  socket.setTimeout(timeoutMs, () =>
    socket.destroy(Object.assign(new Error('no response in time'), { code: 'ETIMEDOUT' })),
  );
  const deadline = setTimeout(
    () => socket.destroy(Object.assign(new Error('late'), { code: 'ETIMEDOUT' })),
    timeoutMs,
  );
  socket.once('secureConnect', () => {
    const certificate = socket.getPeerX509Certificate();
    const nameFault = checkServerIdentity(host, socket.getPeerCertificate())?.message;
    const chainFault = socket.authorized ? undefined : codeOf(socket.authorizationError);
    if (certificate === undefined) reject(new Error('the server has shown no certificate'));
    else
      resolve({
        protocol: socket.getProtocol() ?? '',
        certificate,
        ...(nameFault !== undefined && { nameFault }),
        ...(chainFault !== undefined && chainFault !== NAME_FAULT && { chainFault }),
      });
    socket.destroy();
  });
  socket.once('error', reject);
  socket.once('close', () => {
    clearTimeout(deadline);
    reject(Object.assign(new Error('the connection broke'), { code: 'ECONNRESET' }));
  });
  return promise;
}

const NAME_FAULT = 'ERR_TLS_CERT_ALTNAME_INVALID';

/** Node types it as an Error, and sets the code. */
function codeOf(fault: unknown): string {
  return typeof fault === 'string' ? fault : ((fault as NodeJS.ErrnoException).code ?? 'unknown');
}
