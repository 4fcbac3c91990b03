import type { ProgressStyle } from '@esim-rsp/sgp22/functions/es2plus';
import {
  makeClientIdentity,
  type Operator,
  type OperatorIdentity,
  type OperatorProgress,
} from '../ports/operators.ts';
import type { Columns, Row } from './column-types.ts';

/** Either certificate_sha256 or ca_certificate is NULL. All of progress_… are NULL where no downloads are reported. */
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
  progress_key: 'secret text?',
  progress_ca: 'text?',
  progress_from: 'integer?',
  progress_after: 'integer?',
} as const satisfies Columns;
export type OperatorRow = Row<typeof operatorColumns>;

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
    progress_after: progress?.after ?? null,
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

function progressFrom(row: OperatorRow): OperatorProgress | undefined {
  const {
    progress_url: url,
    progress_style: style,
    progress_from: from,
    progress_ca: ca,
    progress_after: after,
  } = row;
  if (url === null || style === null || from === null) return undefined;
  const { progress_certificate: certificate, progress_key: key } = row;
  const client = certificate !== null && key !== null && makeClientIdentity(certificate, key);
  return {
    url,
    style: style as ProgressStyle,
    ...(client && { client }),
    ...(ca !== null && { ca }),
    from,
    ...(after !== null && { after }),
  };
}
