import { ADMIN_PROTOCOL } from '@esim-rsp/sgp22/functions/header';
import { dateText } from '@esim-rsp/sgp22/pki/checks';
import { Type } from '@sinclair/typebox';
import { daysLeft, type OwnCertificate } from '../../keys/own-certificates.ts';
import { literals } from '../../shapes/shape.ts';
import { Time } from '../../shapes/time.ts';
import type { UnreadableRowStore } from '../../store/ports/unreadable-rows.ts';
import { operation, type Services } from '../frame/operation.ts';

const CertificateStatus = Type.Object(
  {
    role: literals(['ci', 'dp-auth', 'dp-pb', 'dp-tls'] as const, 'What it is for'),
    subject: Type.String({ description: 'Its common name' }),
    curve: Type.String({ description: 'P-256 or brainpoolP256r1' }),
    expires_at: Time('When it expires'),
    days_left: Type.Integer({ description: 'Whole days until it expires; negative after that' }),
  },
  { $id: 'CertificateStatus', description: 'A certificate that the server uses' },
);

const StatusResponse = Type.Object(
  {
    name: Type.String({ description: 'The name of the program' }),
    version: Type.String({ description: 'Its version' }),
    status: Type.Literal('ok', { description: 'The server works' }),
    smdp_address: Type.String({ description: 'The SM-DP+ address in activation codes' }),
    sgp22_version: Type.String({
      description: 'The SGP.22 version that the SM-DP+ announces, such as 2.5.0',
    }),
    log_lines_dropped: Type.Integer({
      description: 'Log lines since the start that were lost, because stderr was not read',
    }),
    certificates: Type.Array(CertificateStatus, {
      description: 'The certificates that the server uses: its own, and those of the CIs that it trusts',
    }),
    unreadable_rows: Type.Integer({
      description:
        'Rows of the database that could not be read since the start and were skipped; the log names them',
    }),
  },
  {
    $id: 'StatusResponse',
    description: 'The server',
    examples: [
      {
        name: 'esim-rsp',
        version: '0.1.0',
        status: 'ok',
        smdp_address: 'rsp.example.com',
        sgp22_version: '2.5.0',
        log_lines_dropped: 0,
        certificates: [
          {
            role: 'dp-tls',
            subject: 'rsp.example.com',
            curve: 'P-256',
            expires_at: '2027-02-01T12:00:00Z',
            days_left: 420,
          },
        ],
        unreadable_rows: 0,
      },
    ],
  },
);

export const getStatus = operation({
  operationId: 'getStatus',
  method: 'GET',
  url: '/api/v1/status',
  summary: 'Get the name and version of the server',
  open: true,
  permissions: [],
  answers: { 200: { description: 'The server', schema: StatusResponse } },
  respond: ({ store, version, certificates, droppedLogLines }: Services<UnreadableRowStore>, { env }) => ({
    name: 'esim-rsp',
    version,
    status: 'ok',
    smdp_address: env.smdpAddress,
    sgp22_version: ADMIN_PROTOCOL.replace('gsma/rsp/v', ''),
    log_lines_dropped: droppedLogLines?.() ?? 0,
    certificates: (certificates?.() ?? []).map((each) => certificateStatus(each, env.now)),
    unreadable_rows: store.unreadableRows().length,
  }),
});

function certificateStatus({ role, certificate }: OwnCertificate, now: number) {
  const { subject, curve, notAfter } = certificate;
  return {
    role,
    subject: subject.commonName ?? '',
    curve: curve ?? '',
    expires_at: dateText(notAfter),
    days_left: daysLeft(certificate, now),
  };
}
