import { createPrivateKey, X509Certificate } from 'node:crypto';
import { certificatesIn } from '@esim-rsp/sgp22/pki/certificate';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';
import { isForClients, mayBeForClients } from '../../rsp/es2/client-chain.ts';
import { type ClientIdentity, makeClientIdentity } from '../../store/ports/operators.ts';

/** The certificates in a PEM text, in its order. Throws a ValueError if there is none, or one cannot be read. */
export function readCertificates(pem: string, field: string): X509Certificate[] {
  const refuse = (expected: string) => new ValueError(expected, { field });
  try {
    const certificates = certificatesIn(Buffer.from(pem, 'utf8')).map((der) => new X509Certificate(der));
    if (certificates.length > 0) return certificates;
  } catch {
    throw refuse('has a certificate that cannot be read: certificates in PEM are expected');
  }
  throw refuse('has no certificate: PEM is expected, with -----BEGIN CERTIFICATE-----');
}

/** Reads the certificate of a TLS client, with those of its issuers behind it, and its key; throws a ValueError. */
export function readClientIdentity(certificate: string, key: string): ClientIdentity {
  const [own] = readCertificates(certificate, 'client_certificate');
  const fault = own && clientFault(own, key);
  if (fault !== undefined) throw new ValueError(fault.message, { field: fault.field });
  return makeClientIdentity(certificatesText(certificate, 'client_certificate'), keyText(key));
}

/** The certificates of a PEM text, and nothing that is between them. */
export function certificatesText(pem: string, field: string): string {
  return readCertificates(pem, field).join('');
}

function keyText(pem: string): string {
  return String(createPrivateKey(pem).export({ format: 'pem', type: 'pkcs8' }));
}

/** What keeps this server from using a certificate and a key as a TLS client, whatever the time is: those whom it calls decide about the rest. */
export function clientFault(
  certificate: X509Certificate,
  key: string,
): { readonly field: 'client_certificate' | 'client_key'; readonly message: string } | undefined {
  try {
    if (!certificate.checkPrivateKey(createPrivateKey(key)))
      return {
        field: 'client_key',
        message: 'is not the key of the first certificate in client_certificate',
      };
  } catch {
    return { field: 'client_key', message: 'must be a private key in PEM, without a password' };
  }
  return mayBeForClients(certificate) ? undefined : { field: 'client_certificate', message: NOT_FOR_CLIENTS };
}

const NOT_FOR_CLIENTS =
  'is not for TLS clients: its key usage must have digitalSignature, and its extended key usage, if it has one, clientAuth';

/** What keeps a caller from using a certificate as a TLS client, whatever the time is. */
export function clientUseFault(certificate: X509Certificate): string | undefined {
  return isForClients(certificate) ? undefined : NOT_FOR_CLIENTS;
}

export type CertificateSummary = {
  readonly subject: string;
  readonly issuer: string;
  /** Unix milliseconds. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** Whole days until it expires; negative after that. */
  readonly daysLeft: number;
  /** SHA-256, in hexadecimal digits. */
  readonly fingerprint: string;
};

const DAY = 86_400_000;

/** `now`: Unix milliseconds. */
export function summaryOf(certificate: X509Certificate, now: number): CertificateSummary {
  const notAfter = certificate.validToDate.getTime();
  return {
    subject: certificate.subject.replaceAll('\n', ', '),
    issuer: certificate.issuer.replaceAll('\n', ', '),
    notBefore: certificate.validFromDate.getTime(),
    notAfter,
    daysLeft: Math.floor((notAfter - now) / DAY),
    fingerprint: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
  };
}

/** What is wrong with the dates of a certificate; undefined: nothing. */
export function dateFault({ notBefore, notAfter }: CertificateSummary, now: number): string | undefined {
  const day = (time: number) => new Date(time).toISOString().slice(0, 10);
  if (now > notAfter) return `expired on ${day(notAfter)}`;
  if (now < notBefore) return `is not valid before ${day(notBefore)}`;
  return undefined;
}
