import type { TLSSocket } from 'node:tls';
import type { Log } from '../log/log.ts';

/** Why a TLS handshake failed, in words that say what to look at. By the error code of Node or OpenSSL. */
const reasons: Readonly<Record<string, string>> = {
  ERR_SSL_HTTP_REQUEST: 'plain HTTP on a TLS port: the client must use https',
  ERR_SSL_NO_SHARED_CIPHER: 'no common cipher suite',
  ERR_SSL_NO_SUITABLE_KEY_SHARE: 'no common key exchange group',
  ERR_SSL_NO_SHARED_GROUP: 'no common key exchange group',
  ERR_SSL_NO_SUITABLE_SIGNATURE_ALGORITHM: 'no common signature algorithm',
  ERR_SSL_NO_SHARED_SIGNATURE_ALGORITHMS: 'no common signature algorithm',
  ERR_SSL_UNSUPPORTED_PROTOCOL: 'wrong version of TLS: 1.2 or 1.3 is needed',
  ERR_SSL_WRONG_VERSION_NUMBER: 'wrong version of TLS, or not TLS at all',
  ERR_SSL_VERSION_TOO_LOW: 'wrong version of TLS: 1.2 or 1.3 is needed',
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: 'wrong version of TLS: the client refuses ours',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'not TLS',
  ERR_SSL_BAD_RECORD_TYPE: 'not TLS',
  ERR_SSL_RECORD_LAYER_FAILURE: 'not TLS',
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: 'unknown CA: the client does not trust the CI of our TLS certificate',
  ERR_SSL_TLSV1_UNKNOWN_CA: 'unknown CA: the client does not trust the CI of our TLS certificate',
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: 'the client refuses our TLS certificate',
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN: 'the client refuses our TLS certificate',
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED: 'the client finds our TLS certificate expired',
  ERR_SSL_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE: 'the client does not support our TLS certificate',
  ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE: 'the client finds nothing in common',
  ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE: 'no certificate: the client sent none',
  ERR_SSL_CERTIFICATE_VERIFY_FAILED: 'the certificate of the client is not valid',
  ERR_TLS_HANDSHAKE_TIMEOUT: 'the client did not finish it in time',
  ECONNRESET: 'the client closed the connection',
  EPIPE: 'the client closed the connection',
};

/** This many failed handshakes are logged in one minute; the others are counted. */
const PER_MINUTE = 20;
const MINUTE = 60_000;

/** Logs the failed TLS handshakes of a listener, at most 20 a minute, and then how many more there were, by reason. */
export function createHandshakeLog(
  log: Pick<Log, 'info'>,
  name: 'ES2+' | 'ES9+',
): (error: NodeJS.ErrnoException, socket: Pick<TLSSocket, 'remoteAddress'>) => void {
  let logged = 0;
  let more: Record<string, number> = {};
  let isCounting = false;
  const endMinute = () => {
    const count = Object.values(more).reduce((sum, each) => sum + each, 0);
    if (count > 0)
      log.info(`${count} more TLS handshakes failed in a minute`, { interface: name, count, reasons: more });
    [logged, more, isCounting] = [0, {}, false];
  };
  return ({ code = '' }, { remoteAddress: address }) => {
    if (!isCounting) setTimeout(endMinute, MINUTE).unref();
    isCounting = true;
    const reason = reasons[code] ?? 'the handshake failed';
    if (logged++ < PER_MINUTE)
      log.info(`a TLS handshake failed: ${reason}`, { interface: name, address, code, reason });
    else more[reason] = (more[reason] ?? 0) + 1;
  };
}
