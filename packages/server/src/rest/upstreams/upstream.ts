import { capabilitiesOf, upstreamCapabilities } from '@esim-rsp/smdp/gateway/capabilities';
import { takesBackChoices } from '@esim-rsp/smdp/state/gateway/upstream-rules';
import { type Static, Type } from '@sinclair/typebox';
import { readCertificates, summaryOf } from '../../delivery/upstream/identity.ts';
import { about, closed, decodedByReader, inWords, literals, named } from '../../shapes/shape.ts';
import { Time, timeOf } from '../../shapes/time.ts';
import {
  iccidPaddings,
  pointMeanings,
  statusCalls,
  type Upstream as UpstreamRecord,
} from '../../store/ports/gateway/upstreams.ts';
import { certificateResponse, UpstreamCertificate } from './certificate.ts';

export const UPSTREAM = 'vendor';

export const UpstreamName = Type.String({
  pattern: '^[A-Za-z0-9._-]{1,64}$',
  ...inWords("1 to 64 letters, digits, '.', '_' and '-'"),
  description: 'The name of the upstream',
  examples: [UPSTREAM],
});

export const UpstreamParams = Type.Object({ upstream: UpstreamName }, closed);

const NotificationPoint = Type.Object(
  {
    point: Type.Integer({ minimum: 1, maximum: 999, description: 'notificationPointId' }),
    meaning: named('PointMeaning', literals(pointMeanings, 'What the upstream reports by it')),
  },
  {
    ...closed,
    $id: 'NotificationPoint',
    description: 'A point of HandleDownloadProgressInfo, and its meaning',
  },
);

const pem = { minLength: 1, maxLength: 20_000, ...decodedByReader };
const PEM = '-----BEGIN CERTIFICATE-----\n…\n-----END CERTIFICATE-----\n';

/** Members that requests set. */
export const settings = {
  url: Type.String({
    minLength: 1,
    maxLength: 2048,
    description:
      'https://host:port, with the prefix that the vendor has before /gsma/rsp2/es2plus; private networks where the server allows them',
    examples: ['https://es2plus.vendor.example.com:8444'],
  }),
  client_certificate: Type.String({
    ...pem,
    description: 'The TLS client certificate, in PEM; the certificates of its issuers may follow',
    examples: [PEM],
  }),
  client_key: Type.String({
    ...pem,
    description: 'The key of that certificate, in PEM and without a password. It is sealed, and never shown',
    examples: [PEM.replaceAll('CERTIFICATE', 'PRIVATE KEY')],
  }),
  ca: Type.String({
    ...pem,
    description:
      'The CAs that the certificate of the server may be issued under, in PEM; without it: the public CAs',
    examples: [PEM],
  }),
  callback_certificate: Type.String({
    ...pem,
    description:
      'How calls of HandleDownloadProgressInfo are known to be from the vendor: its TLS client certificate, or the CA that issues it, in PEM; without it: it may not call',
    examples: [PEM],
  }),
  requester_identifier: Type.String({
    pattern: '^[\\x21-\\x7e]{1,255}$',
    ...inWords('1 to 255 visible ASCII characters'),
    description: 'functionRequesterIdentifier: the vendor assigns it',
    examples: ['1.3.6.1.4.1.99999.1'],
  }),
  smdp_address: Type.String({
    minLength: 1,
    maxLength: 255,
    description: 'The SM-DP+ address in activation codes, unless the answer to an order names another',
    examples: ['rsp.vendor.example.com'],
  }),
};

/** What differs from vendor to vendor; each has a default. */
export const dialectMembers = {
  admin_protocol: Type.String({
    pattern: '^gsma/rsp/v\\d{1,3}(\\.\\d{1,3}){0,2}$',
    ...inWords('gsma/rsp/v and a version, such as gsma/rsp/v2.2.0'),
    description: 'The value of X-Admin-Protocol that is sent',
    examples: ['gsma/rsp/v2.2.0'],
  }),
  status_call: named(
    'UpstreamStatusCall',
    literals(
      statusCalls,
      'The call that says in which state profiles are; none: the vendor has no such call',
    ),
  ),
  repeats_answers: Type.Boolean({
    description:
      'Whether a call that is repeated with its functionCallIdentifier gets the answer of the first one and does nothing again',
  }),
  takes_back: named(
    'UpstreamTakesBack',
    literals(
      takesBackChoices,
      'Until when the upstream takes back an order by CancelOrder: until_download is what SGP.22 says; always lets profiles return after they were on a device; never rules out what needs a cancellation',
    ),
  ),
  concurrency: Type.Integer({
    minimum: 1,
    maximum: 64,
    description: 'How many calls are made at the same time',
  }),
  timeout_seconds: Type.Integer({
    minimum: 1,
    maximum: 120,
    description: 'How long an answer is waited for',
  }),
  iccid_padding: named(
    'IccidPadding',
    literals(
      iccidPaddings,
      'How an ICCID of 19 digits is sent: as it is, or with F or f as its 20th character',
    ),
  ),
  notification_points: Type.Array(NotificationPoint, {
    maxItems: 100,
    description:
      'What the points of HandleDownloadProgressInfo mean. Points that are not here are recorded and change nothing',
    examples: [[{ point: 101, meaning: 'enabled' }]],
  }),
};

const UpstreamCapability = Type.Object(
  {
    name: named('UpstreamCapabilityName', literals(upstreamCapabilities, 'What is to be done')),
    supported: Type.Boolean({ description: 'Whether it can be done with profiles of this upstream' }),
    reason: Type.Optional(
      Type.String({ description: 'Why not, and what to do; or the limits of what can be done' }),
    ),
  },
  {
    $id: 'UpstreamCapability',
    description:
      'Something that the server can do with its own profiles, and whether it can with those of an upstream',
    examples: [{ name: 'expiry', supported: true }],
  },
);

const example = {
  name: UPSTREAM,
  url: settings.url.examples[0],
  client_certificate: {
    subject: 'CN=our-platform',
    issuer: 'CN=Vendor CA',
    not_before: '2026-01-01T00:00:00.000Z',
    not_after: '2028-01-01T00:00:00.000Z',
    days_left: 400,
    sha256: '00'.repeat(32),
  },
  ca: ['CN=GSM Association - RSP2 Root CI1'],
  callback: ['CN=sm-dp-plus.vendor.example.com'],
  requester_identifier: settings.requester_identifier.examples[0],
  smdp_address: settings.smdp_address.examples[0],
  admin_protocol: 'gsma/rsp/v2.2.0',
  status_call: 'none',
  repeats_answers: true,
  takes_back: 'until_download',
  concurrency: 4,
  timeout_seconds: 30,
  iccid_padding: 'none',
  notification_points: [{ point: 4, meaning: 'installed' }],
  capabilities: [{ name: 'secrets', supported: false, reason: 'the vendor has the package' }],
  created_at: '2026-03-01T10:00:00.000Z',
};

export const Upstream = Type.Object(
  {
    name: Type.String({ description: 'The name' }),
    url: Type.String({ description: 'https://host:port, with the prefix before /gsma/rsp2/es2plus' }),
    client_certificate: about('The TLS client certificate; its key is never shown', UpstreamCertificate),
    ca: Type.Array(Type.String(), {
      description: 'The subjects of the CAs that the server is trusted under; empty: the public CAs',
    }),
    callback: Type.Array(Type.String(), {
      description:
        'The subjects of the certificates by which its calls of HandleDownloadProgressInfo are known; empty: it may not call',
    }),
    requester_identifier: Type.String({ description: 'functionRequesterIdentifier' }),
    smdp_address: Type.String({ description: 'The SM-DP+ address in activation codes' }),
    ...dialectMembers,
    capabilities: Type.Array(UpstreamCapability, {
      description: 'What can be done with profiles of this upstream, and why not, by its settings',
    }),
    created_at: Time('When it was created'),
  },
  { $id: 'Upstream', description: 'Another SM-DP+, at which profiles are ordered', examples: [example] },
);

/** An upstream in an answer, without its key. */
export function upstreamResponse(upstream: UpstreamRecord, now: number): Static<typeof Upstream> {
  const { name, url, client, ca, callback, requesterIdentifier, smdpAddress, dialect, createdAt } = upstream;
  const [own] = readCertificates(client.certificate, 'client_certificate');
  if (own === undefined) throw new Error(`the upstream ${name} has no client certificate`);
  return {
    name,
    url,
    client_certificate: certificateResponse(summaryOf(own, now)),
    ca: subjectsOf(ca, 'ca'),
    callback: subjectsOf(callback, 'callback_certificate'),
    requester_identifier: requesterIdentifier,
    smdp_address: smdpAddress,
    admin_protocol: dialect.adminProtocol,
    status_call: dialect.statusCall,
    repeats_answers: dialect.repeatsAnswers,
    takes_back: dialect.takesBack,
    concurrency: dialect.concurrency,
    timeout_seconds: dialect.timeoutSeconds,
    iccid_padding: dialect.iccidPadding,
    notification_points: Object.entries(dialect.points).map(([point, meaning]) => ({
      point: Number(point),
      meaning,
    })),
    capabilities: capabilitiesOf(upstream).map(({ name: capability, isSupported, text }) => ({
      name: capability,
      supported: isSupported,
      ...(text !== undefined && { reason: text }),
    })),
    created_at: timeOf(createdAt),
  };
}

function subjectsOf(pem: string | undefined, field: string): string[] {
  return pem === undefined
    ? []
    : readCertificates(pem, field).map(({ subject }) => subject.replaceAll('\n', ', '));
}
