import type { Operator, OperatorIdentity } from './port.ts';

/** Either certificate_sha256 or ca_certificate is NULL. */
export const operatorColumns = {
  name: 'text',
  account: 'text',
  certificate_sha256: 'bytes?',
  ca_certificate: 'bytes?',
  /** JSON. */
  requester_identifiers: 'text',
  created_at: 'integer',
} as const;

export type OperatorRow = {
  readonly name: string;
  readonly account: string;
  readonly certificate_sha256: Uint8Array | null;
  readonly ca_certificate: Uint8Array | null;
  readonly requester_identifiers: string;
  readonly created_at: number;
};

export function operatorToRow({ identity, ...operator }: Operator): OperatorRow {
  return {
    name: operator.name,
    account: operator.account,
    certificate_sha256: 'certificateSha256' in identity ? identity.certificateSha256 : null,
    ca_certificate: 'caCertificate' in identity ? identity.caCertificate : null,
    requester_identifiers: JSON.stringify(operator.requesterIdentifiers),
    created_at: operator.createdAt,
  };
}

export function operatorFromRow(row: OperatorRow): Operator {
  return {
    name: row.name,
    account: row.account,
    identity: identityFrom(row),
    requesterIdentifiers: JSON.parse(row.requester_identifiers) as readonly string[],
    createdAt: row.created_at,
  };
}

function identityFrom({ name, certificate_sha256, ca_certificate }: OperatorRow): OperatorIdentity {
  if (certificate_sha256 !== null) return { certificateSha256: certificate_sha256 };
  if (ca_certificate !== null) return { caCertificate: ca_certificate };
  throw new Error(`the operator ${name} has no certificate in the database`);
}
