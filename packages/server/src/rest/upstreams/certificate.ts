import { type Static, Type } from '@sinclair/typebox';
import type { CertificateSummary } from '../../delivery/upstream/identity.ts';
import { Time, timeOf } from '../../shapes/time.ts';

export const UpstreamCertificate = Type.Object(
  {
    subject: Type.String({ description: 'Whose certificate it is' }),
    issuer: Type.String({ description: 'Who has issued it' }),
    not_before: Time('From when it is valid'),
    not_after: Time('Until when it is valid'),
    days_left: Type.Integer({ description: 'Whole days until it expires; negative: it has expired' }),
    sha256: Type.String({ description: 'SHA-256 of the certificate, in hexadecimal digits' }),
  },
  {
    $id: 'UpstreamCertificate',
    description: 'A TLS certificate of one side of the connection to an upstream',
  },
);

export function certificateResponse(summary: CertificateSummary): Static<typeof UpstreamCertificate> {
  return {
    subject: summary.subject,
    issuer: summary.issuer,
    not_before: timeOf(summary.notBefore),
    not_after: timeOf(summary.notAfter),
    days_left: summary.daysLeft,
    sha256: summary.fingerprint,
  };
}
