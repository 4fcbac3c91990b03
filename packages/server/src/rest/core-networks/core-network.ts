import { type Static, Type } from '@sinclair/typebox';
import { coreFileName } from '../../delivery/core/line-file.ts';
import { readCertificates } from '../../delivery/upstream/identity.ts';
import { about, closed, decodedByReader, extending, inWords, literals, named } from '../../shapes/shape.ts';
import { Time, timeOf } from '../../shapes/time.ts';
import {
  type CoreCredentials,
  type CoreNetwork as CoreNetworkRecord,
  coreColumns,
  coreKinds,
  coreTimes,
} from '../../store/ports/gateway/core-networks.ts';
import { ProfileTypeName } from '../stock/template.ts';
import { Secret } from '../webhooks/webhook.ts';

export const CORE_NETWORK = 'hlr';

const credentialNames = ['user', 'password', 'token', 'client_certificate', 'client_key', 'secret'] as const;
/** How the record calls each of them. */
export const credentialMembers: Readonly<Record<(typeof credentialNames)[number], keyof CoreCredentials>> = {
  user: 'user',
  password: 'password',
  token: 'token',
  client_certificate: 'clientCertificate',
  client_key: 'clientKey',
  secret: 'secret',
};

const CoreNetworkName = Type.String({
  pattern: '^[A-Za-z0-9._-]{1,64}$',
  ...inWords("1 to 64 letters, digits, '.', '_' and '-'"),
  description: 'The name of the core network',
  examples: [CORE_NETWORK],
});

export const CoreNetworkParams = Type.Object({ coreNetwork: CoreNetworkName }, closed);

export const CoreNetworkKind = named(
  'CoreNetworkKind',
  literals(coreKinds, 'Which program it is: this decides how it takes subscriptions'),
);

const hex = (digits: number) => ({
  pattern: `^[0-9A-Fa-f]{${digits}}$`,
  ...inWords(`${digits} hexadecimal digits`),
});
const pem = { minLength: 1, maxLength: 20_000, ...decodedByReader };
const visible = (most: number) => ({
  pattern: `^[\\x21-\\x7e]{1,${most}}$`,
  ...inWords(`1 to ${most} visible ASCII characters`),
});
const PEM = '-----BEGIN CERTIFICATE-----\n…\n-----END CERTIFICATE-----\n';

/** Where it is, who calls, and whom it trusts: some kinds need them. */
export const connectionMembers = {
  url: Type.String({
    minLength: 1,
    maxLength: 2048,
    description:
      'Where it is: ctrl://host:4259 for osmohlr, https://host or http://host for others, none for a file. Private networks, and URLs without TLS, where the server allows them',
    examples: ['ctrl://10.0.0.5:4259'],
  }),
  ca: Type.String({
    ...pem,
    description:
      'The CAs that the certificate of the core network may be issued under, in PEM; without it: the public CAs',
    examples: [PEM],
  }),
  user: Type.String({ ...visible(128), description: 'The user to log in as: free5gc', examples: ['admin'] }),
  password: Type.String({
    ...visible(256),
    description: 'The password of the user. It is sealed, and never shown',
    examples: ['free5gc'],
  }),
  token: Type.String({
    ...visible(1024),
    description: 'The key of the interface: Provisioning-Key of pyhss. It is sealed, and never shown',
    examples: ['hss'],
  }),
  client_certificate: Type.String({
    ...pem,
    description: 'The TLS client certificate, in PEM: magma. The certificates of its issuers may follow',
    examples: [PEM],
  }),
  client_key: Type.String({
    ...pem,
    description: 'The key of that certificate, in PEM and without a password. It is sealed, and never shown',
    examples: [PEM.replaceAll('CERTIFICATE', 'PRIVATE KEY')],
  }),
  secret: about('What push is signed with; without it, it is generated and shown once', Secret),
  network: Type.String({
    pattern: '^[A-Za-z0-9_-]{1,64}$',
    ...inWords("1 to 64 letters, digits, '_' and '-'"),
    description: 'The id of the network: magma',
    examples: ['mpk_test'],
  }),
  plmn: Type.String({
    pattern: '^[0-9]{5,6}$',
    ...inWords('5 or 6 digits'),
    description: 'MCC and MNC: free5gc. Without it, those of each IMSI',
    examples: ['00101'],
  }),
};

export const Columns = Type.Array(named('CoreColumn', literals(coreColumns, 'A column of a CSV file')), {
  minItems: 1,
  maxItems: coreColumns.length,
  uniqueItems: true,
  description: 'The columns of csv, in their order; imsi is one of them. They cannot be changed',
  examples: [['imsi', 'ki', 'opc']],
});

/** What it gets, and when; each has a default. */
export const termMembers = {
  when: named(
    'CoreNetworkTime',
    literals(
      coreTimes,
      'From when on a subscription is in the core network: when its profile is created, ordered or released',
    ),
  ),
  remove: Type.Boolean({
    description:
      'Whether a subscription is removed when its profile is retired, deleted, or back in stock before the time of `when`',
  }),
  profile_types: Type.Array(ProfileTypeName, {
    maxItems: 100,
    uniqueItems: true,
    description: 'The types of profiles that it is for; empty: all profiles',
    examples: [['basic']],
  }),
  amf: Type.String({
    ...hex(4),
    description: 'Authentication management field, if the core network asks for it',
    examples: ['8000'],
  }),
  sqn: Type.Integer({
    minimum: 0,
    maximum: 2 ** 48 - 1,
    description: 'Sequence number that a new subscription starts with, if the core network asks for it',
  }),
  apn: Type.String({
    pattern: '^[A-Za-z0-9]([A-Za-z0-9.-]{0,98}[A-Za-z0-9])?$',
    ...inWords("1 to 100 letters, digits, '.' and '-'"),
    description: 'APN, in 5G the DNN',
    examples: ['internet'],
  }),
  sst: Type.Integer({ minimum: 1, maximum: 255, description: 'Slice: SST' }),
  sd: Type.String({ ...hex(6), description: 'Slice: SD; without it, none', examples: ['010203'] }),
  ambr_downlink_mbps: Type.Integer({
    minimum: 1,
    maximum: 4_000_000,
    description: 'Aggregate maximum bit rate to the phone, in Mbit/s',
  }),
  ambr_uplink_mbps: Type.Integer({
    minimum: 1,
    maximum: 4_000_000,
    description: 'Aggregate maximum bit rate from the phone, in Mbit/s',
  }),
};

const example = {
  name: CORE_NETWORK,
  kind: 'osmohlr',
  url: 'ctrl://10.0.0.5:4259',
  credentials: [],
  ca: [],
  when: 'released',
  remove: true,
  profile_types: ['basic'],
  amf: '8000',
  sqn: 0,
  apn: 'internet',
  sst: 1,
  ambr_downlink_mbps: 1000,
  ambr_uplink_mbps: 1000,
  created_at: '2026-03-01T10:00:00.000Z',
};

const { sd, ...terms } = termMembers;
const members = {
  name: Type.String({ description: 'The name' }),
  kind: CoreNetworkKind,
  url: Type.Optional(Type.String({ description: 'Where it is; absent of a file' })),
  file: Type.Optional(
    Type.String({ description: 'The file that the server writes, in the folder ESIM_CORE_FILES' }),
  ),
  network: Type.Optional(Type.String({ description: 'The id of the network' })),
  plmn: Type.Optional(Type.String({ description: 'MCC and MNC; absent: those of each IMSI' })),
  columns: Type.Optional(Columns),
  credentials: Type.Array(named('CoreCredential', literals(credentialNames, 'A credential')), {
    description: 'The credentials that are set; their values are never shown',
  }),
  ca: Type.Array(Type.String(), {
    description: 'The subjects of the CAs that it is trusted under; empty: the public CAs',
  }),
  ...terms,
  sd: Type.Optional(about('Slice: SD', sd)),
  failing_since: Type.Optional(Time('Since when every attempt has failed; absent: the last one succeeded')),
  last_error: Type.Optional(Type.String({ description: 'Why the last attempt failed' })),
  created_at: Time('When it was created'),
};

export const CoreNetwork = Type.Object(members, {
  $id: 'CoreNetwork',
  description: 'A core network, which gets the subscriptions of profiles. Its credentials are never shown',
  examples: [example],
});

export const CoreNetworkWithSecret = Type.Object(
  {
    ...members,
    secret: Type.Optional(
      Type.String({ description: 'Of push: verifies the signatures of its messages. It is shown here only' }),
    ),
  },
  {
    ...extending(CoreNetwork),
    $id: 'CoreNetworkWithSecret',
    description: 'A core network that was just created',
    examples: [example],
  },
);

/** A core network in an answer, without its credentials. */
export function coreNetworkResponse(core: CoreNetworkRecord): Static<typeof CoreNetwork> {
  const { name, kind, url, settings, failing, createdAt } = core;
  const { when, remove, profileTypes, terms, ca, network, plmn, columns } = settings;
  const file = coreFileName(core);
  return {
    name,
    kind,
    ...(url !== '' && { url }),
    ...(file !== undefined && { file }),
    ...(network !== undefined && { network }),
    ...(plmn !== undefined && { plmn }),
    ...(columns !== undefined && { columns: [...columns] }),
    credentials: credentialNames.filter((one) => core.credentials[credentialMembers[one]] !== undefined),
    ca: ca === undefined ? [] : readCertificates(ca, 'ca').map((one) => one.subject.replaceAll('\n', ', ')),
    when,
    remove,
    profile_types: [...profileTypes],
    amf: terms.amf,
    sqn: terms.sqn,
    apn: terms.apn,
    sst: terms.sst,
    ...(terms.sd !== undefined && { sd: terms.sd }),
    ambr_downlink_mbps: terms.ambrDownlinkMbps,
    ambr_uplink_mbps: terms.ambrUplinkMbps,
    ...(failing !== undefined && { failing_since: timeOf(failing.since), last_error: failing.error }),
    created_at: timeOf(createdAt),
  };
}
