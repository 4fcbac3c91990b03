import { makeUnprintable } from '@esim-rsp/sgp22/crypto/secret';
import type { ProgressStyle } from '@esim-rsp/sgp22/functions/es2plus';
import type { ClientIdentity, Operator, OperatorIdentity, OperatorProgress } from '../ports/operators.ts';

/** Either certificate_sha256 or ca_certificate is NULL. */
export const operatorColumns = {
  name: 'text',
  account: 'text',
  certificate_sha256: 'bytes?',
  ca_certificate: 'bytes?',
  /** JSON. */
  requester_identifiers: 'text',
  created_at: 'integer',
  progress_url: 'text?',
  progress_style: 'text?',
  progress_certificate: 'text?',
  progress_key: 'text?',
  progress_ca: 'text?',
  progress_from: 'integer?',
} as const;

export type OperatorRow = {
  readonly name: string;
  readonly account: string;
  readonly certificate_sha256: Uint8Array | null;
  readonly ca_certificate: Uint8Array | null;
  readonly requester_identifiers: string;
  readonly created_at: number;
} & ProgressColumns;

/** All NULL where it wants to be told nothing. */
type ProgressColumns = {
  readonly progress_url: string | null;
  readonly progress_style: string | null;
  readonly progress_certificate: string | null;
  readonly progress_key: string | null;
  readonly progress_ca: string | null;
  readonly progress_from: number | null;
};

export function operatorToRow({ identity, progress, ...operator }: Operator): OperatorRow {
  return {
    name: operator.name,
    account: operator.account,
    certificate_sha256: 'certificateSha256' in identity ? identity.certificateSha256 : null,
    ca_certificate: 'caCertificate' in identity ? identity.caCertificate : null,
    requester_identifiers: JSON.stringify(operator.requesterIdentifiers),
    created_at: operator.createdAt,
    progress_url: progress?.url ?? null,
    progress_style: progress?.style ?? null,
    progress_certificate: progress?.client?.certificate ?? null,
    progress_key: progress?.client?.key ?? null,
    progress_ca: progress?.ca ?? null,
    progress_from: progress?.from ?? null,
  };
}

export function operatorFromRow(row: OperatorRow): Operator {
  const progress = progressFrom(row);
  return {
    name: row.name,
    account: row.account,
    identity: identityFrom(row),
    requesterIdentifiers: JSON.parse(row.requester_identifiers) as readonly string[],
    createdAt: row.created_at,
    ...(progress !== undefined && { progress }),
  };
}

function identityFrom({ name, certificate_sha256, ca_certificate }: OperatorRow): OperatorIdentity {
  if (certificate_sha256 !== null) return { certificateSha256: certificate_sha256 };
  if (ca_certificate !== null) return { caCertificate: ca_certificate };
  throw new Error(`the operator ${name} has no certificate in the database`);
}

function progressFrom(row: ProgressColumns): OperatorProgress | undefined {
  const { progress_url: url, progress_style: style, progress_from: from, progress_ca: ca } = row;
  if (url === null || style === null || from === null) return undefined;
  const { progress_certificate: certificate, progress_key: key } = row;
  const client = certificate !== null && key !== null && clientIdentity(certificate, key);
  return { url, style: style as ProgressStyle, ...(client && { client }), ...(ca !== null && { ca }), from };
}

export function clientIdentity(certificate: string, key: string): ClientIdentity {
  return makeUnprintable('ClientIdentity', { certificate, key });
}
