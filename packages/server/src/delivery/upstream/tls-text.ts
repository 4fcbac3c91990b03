/** What OpenSSL says about a chain, and what to do. */
const chainTexts: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'a certificate in the chain of the server has expired',
  CERT_NOT_YET_VALID:
    'a certificate in the chain of the server is not valid yet: is the clock of this machine right?',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'the certificate of the server is signed by itself',
  SELF_SIGNED_CERT_IN_CHAIN: 'the chain of the server ends in a CA that you do not trust',
  UNABLE_TO_GET_ISSUER_CERT: 'the CA that issued a certificate in the chain is not known',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'the CA that issued the certificate of the server is not known',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'the CA that issued the certificate of the server is not known, or the server does not send the certificates between',
  INVALID_PURPOSE: 'the certificate of the server is not for TLS servers',
  INVALID_CA: 'a certificate in the chain of the server is not one of a CA',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the certificate of the server is for other names than that of the URL',
  CERT_SIGNATURE_FAILURE: 'a signature in the chain of the server is wrong',
};

/** What is wrong with the chain of a server. `hasCa`: its CA is set. */
export function chainText(code: string, hasCa: boolean): string {
  const what = chainTexts[code] ?? `the chain of the server cannot be verified (${code})`;
  if (!/not known|do not trust|signed by itself/.test(what)) return what;
  return hasCa
    ? `${what}: the ca of this upstream is another one; ask the vendor for the right one`
    : `${what}: set ca to the certificate that the vendor names (without it, public CAs are trusted)`;
}

/** TLS alerts of the server. */
const alertTexts: readonly (readonly [RegExp, string])[] = [
  [/CERTIFICATE_REQUIRED/, 'the server asks for a client certificate and got none'],
  [
    /ALERT_(UNKNOWN_CA|BAD_CERTIFICATE|CERTIFICATE_UNKNOWN|UNSUPPORTED_CERTIFICATE|ACCESS_DENIED|DECRYPT_ERROR)/,
    'the server refuses the client certificate: give the vendor this certificate, or the one of its CA',
  ],
  [
    /ALERT_CERTIFICATE_(EXPIRED|REVOKED)/,
    'the server says that the client certificate has expired or is revoked',
  ],
  [
    /HANDSHAKE_FAILURE|NO_SHARED_CIPHER|ALERT_INSUFFICIENT/,
    'the server and this one have no TLS algorithm in common',
  ],
  [/PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL/, 'the server does not support TLS 1.2 or later'],
  [/UNRECOGNIZED_NAME/, 'the server does not know the host name of the URL'],
  [
    /WRONG_VERSION_NUMBER|HTTP_REQUEST|PACKET_LENGTH/,
    'the server does not speak TLS at this port: is the port of the URL the right one?',
  ],
];

/** Whether an error is an alert by which a server refuses a client: with TLS 1.3 it comes after the handshake, and the server reads nothing. */
export function isRefusedByTls(error: unknown): boolean {
  const { code = '' } = error as NodeJS.ErrnoException;
  const text = textOf(error);
  const isKnown = alertTexts.some(([pattern]) => pattern.test(text)); // another alert may come in the middle of an answer
  return /^(ERR_SSL_|EPROTO)/.test(code) && /ALERT/.test(text) && isKnown;
}

/** Why TLS has failed; undefined: the error is of another kind. */
export function describeTlsFailure(error: unknown): string | undefined {
  const { code = '' } = error as NodeJS.ErrnoException;
  if (!/^(ERR_SSL_|EPROTO)/.test(code)) return undefined;
  const text = textOf(error);
  return alertTexts.find(([pattern]) => pattern.test(text))?.[1] ?? `TLS failed (${code})`;
}

function textOf(error: unknown): string {
  const { code = '', message = '' } = error as NodeJS.ErrnoException;
  return `${code} ${message.toUpperCase().replaceAll(' ', '_')}`;
}
