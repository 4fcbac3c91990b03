import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { toHex } from '@esim-rsp/codec';
import { isForClients } from '@esim-rsp/server/rsp/es2/client-chain';
import type { Operator, OperatorIdentity } from '@esim-rsp/server/store/ports/operators';
import { sha256 } from '@esim-rsp/sgp22/crypto/digest';
import { certificatesIn } from '@esim-rsp/sgp22/pki/certificate';
import { CliError } from '../command.ts';
import { progressJson } from './progress-options.ts';

/** Accepts exactly this certificate: the first of the file. */
export function pinnedIn(file: string): OperatorIdentity {
  const certificate = certificateIn(file);
  if (certificate.validToDate.getTime() < Date.now())
    throw new CliError(`the certificate in ${file} expired on ${certificate.validTo}: get a new one`);
  if (!isForClients(certificate))
    throw new CliError(
      `the certificate in ${file} is not for TLS clients: its key usage must have digitalSignature, and its extended key usage, if it has one, clientAuth; create one with 'esim operator make-cert', or with the option -addext keyUsage=digitalSignature of openssl req`,
    );
  return { certificateSha256: sha256(certificate.raw) };
}

/** Accepts every client certificate of this CA. */
export function caIn(file: string): OperatorIdentity {
  const certificate = certificateIn(file);
  if (!certificate.ca)
    throw new CliError(
      `${file} is not the certificate of a CA: to accept exactly this certificate, use --cert`,
    );
  return { caCertificate: Uint8Array.from(certificate.raw) };
}

function certificateIn(file: string): X509Certificate {
  const [der] = certificatesIn(contentOf(file));
  if (der === undefined) throw new CliError(`there is no certificate in ${file}: PEM or DER is expected`);
  try {
    return new X509Certificate(der);
  } catch {
    throw new CliError(`the certificate in ${file} cannot be read: PEM or DER is expected`);
  }
}

function contentOf(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new CliError(`${file} cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
}

/** The data of an operator for --json. */
export function operatorJson(operator: Operator) {
  const { name, account, identity, requesterIdentifiers, createdAt, progress } = operator;
  return {
    name,
    user_id: account,
    ...('certificateSha256' in identity
      ? { certificate_sha256: toHex(identity.certificateSha256) }
      : { ca_subject: subjectOf(identity.caCertificate), ca_sha256: toHex(sha256(identity.caCertificate)) }),
    requester_identifiers: requesterIdentifiers,
    created_at: createdAt,
    ...(progress !== undefined && { progress: progressJson(progress) }),
  };
}

function subjectOf(caCertificate: Uint8Array): string {
  return new X509Certificate(caCertificate).subject.replaceAll('\n', ', ');
}
