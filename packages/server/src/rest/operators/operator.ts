import { X509Certificate } from 'node:crypto';
import { toHex } from '@esim-rsp/codec';
import { sha256 } from '@esim-rsp/sgp22/crypto/digest';
import { progressStyles } from '@esim-rsp/sgp22/functions/es2plus';
import { type Static, Type } from '@sinclair/typebox';
import { literals, named } from '../../shapes/shape.ts';
import { Time, timeOfSeconds } from '../../shapes/time.ts';
import type { Operator as StoredOperator } from '../../store/ports/operators.ts';

const OperatorProgress = named(
  'OperatorProgress',
  Type.Object(
    {
      url: Type.String({ description: 'Where downloads are reported to' }),
      style: literals(progressStyles, 'Which points of a download are reported'),
      client_certificate: Type.Boolean({
        description: 'Whether the server shows a client certificate there',
      }),
    },
    { description: 'Where an operator receives download notifications' },
  ),
);

export const Operator = Type.Object(
  {
    name: Type.String({ description: 'Its name' }),
    requester_identifiers: Type.Array(Type.String(), {
      description: 'What it may send as functionRequesterIdentifier',
    }),
    certificate_sha256: Type.Optional(
      Type.String({ description: 'SHA-256 of the one TLS client certificate that it shows' }),
    ),
    ca_subject: Type.Optional(
      Type.String({ description: 'Instead: the CA whose client certificates are accepted' }),
    ),
    ca_sha256: Type.Optional(Type.String({ description: 'SHA-256 of the certificate of this CA' })),
    created_at: Time('When it was created'),
    progress: Type.Optional(OperatorProgress),
  },
  {
    $id: 'Operator',
    description: 'An operator whose system may order over ES2+ for this account',
    examples: [
      {
        name: 'shop',
        requester_identifiers: ['shop'],
        certificate_sha256: '0f'.repeat(32),
        created_at: '2026-03-01T10:00:00Z',
        progress: { url: 'https://shop.example.com', style: 'standard', client_certificate: true },
      },
    ],
  },
);

/** An operator in an answer: never a key. */
export function operatorResponse(operator: StoredOperator): Static<typeof Operator> {
  const { name, identity, requesterIdentifiers, createdAt, progress } = operator;
  return {
    name,
    requester_identifiers: [...requesterIdentifiers],
    ...('certificateSha256' in identity
      ? { certificate_sha256: toHex(identity.certificateSha256) }
      : { ca_subject: subjectOf(identity.caCertificate), ca_sha256: toHex(sha256(identity.caCertificate)) }),
    created_at: timeOfSeconds(createdAt),
    ...(progress !== undefined && {
      progress: {
        url: progress.url,
        style: progress.style,
        client_certificate: progress.client !== undefined,
      },
    }),
  };
}

function subjectOf(caCertificate: Uint8Array): string {
  return new X509Certificate(caCertificate).subject.replaceAll('\n', ', ');
}
