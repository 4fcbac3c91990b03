import { toHex } from '@esim-rsp/codec';
import { type OtaKeyset, type ProfileSecrets, readProfileSecrets } from '@esim-rsp/sgp22/profile/secrets';
import { type Static, Type } from '@sinclair/typebox';
import { closed, literals, named } from '../../shapes/shape.ts';
import { covers } from '../../store/ports/permissions.ts';
import type { ContentStore, ProfileStore } from '../../store/ports/profiles.ts';
import { forbidden } from '../frame/identify.ts';
import { operation, type Services } from '../frame/operation.ts';
import { HttpProblem } from '../frame/problem.ts';
import { IccidParams, noSuchProfile, ownedProfile } from './owned-profile.ts';
import { packageOf } from './package-of.ts';
import { ICCID } from './profile.ts';

const kinds = ['pin', 'puk', 'adm1', 'ota_keys'] as const;
type Kind = (typeof kinds)[number];
/** Kinds that the help desk does not need. */
const forAdmins: readonly Kind[] = ['adm1', 'ota_keys'];

const ReadEUICCProfileSecretsRequest = Type.Object(
  {
    kinds: Type.Array(named('ProfileSecretKind', literals(kinds, 'Kinds of secrets of a Profile')), {
      minItems: 1,
      maxItems: kinds.length,
      description: 'What to read: pin and puk; and with the permission admin, adm1 and ota_keys',
    }),
  },
  {
    ...closed,
    $id: 'ReadEUICCProfileSecretsRequest',
    description: 'The secrets to read',
    examples: [{ kinds: ['pin', 'puk'] }],
  },
);

const hexKey = (name: string) => Type.Optional(Type.String({ description: `${name}: hexadecimal digits` }));

const OtaKeys = Type.Object(
  {
    keyset: Type.Integer({ description: 'The key version number: 1 to 15' }),
    kic: hexKey('KIC, which enciphers'),
    kid: hexKey('KID, which authenticates'),
    kik: hexKey('KIK, which protects keys that are sent'),
  },
  { $id: 'OtaKeys', description: 'The OTA keys of a keyset' },
);

const digits = (name: string) => Type.Optional(Type.String({ description: `${name}: decimal digits` }));

const EUICCProfileSecretsResponse = Type.Object(
  {
    iccid: Type.String({ description: 'The Profile' }),
    pin1: digits('PIN1'),
    pin2: digits('PIN2'),
    puk1: digits('PUK1'),
    puk2: digits('PUK2'),
    adm1: Type.Optional(Type.String({ description: 'ADM1: 16 hexadecimal digits' })),
    ota_keys: Type.Optional(
      Type.Array(OtaKeys, { description: 'The keysets of the security domain of the operator' }),
    ),
  },
  {
    $id: 'EUICCProfileSecretsResponse',
    description: 'Secrets of a Profile, as they are in its package. What the package does not have is absent',
    examples: [{ iccid: ICCID, pin1: '0000', pin2: '0000', puk1: '00000000', puk2: '00000000' }],
  },
);

export const readEUICCProfileSecrets = operation({
  operationId: 'readEUICCProfileSecrets',
  method: 'POST',
  url: '/api/v1/esim/euicc-profiles/:iccid/secrets',
  summary: 'Read the PIN, PUK, ADM1 or OTA keys of a profile; every call is in the audit log',
  params: IccidParams,
  body: ReadEUICCProfileSecretsRequest,
  permissions: { oneOf: ['support', 'admin'] },
  answers: {
    200: { description: 'The secrets', schema: EUICCProfileSecretsResponse },
    400: { description: 'Invalid ICCID format, or a kind that is not known' },
    403: {
      description: 'The key lacks the permission support, or for adm1 and ota_keys the permission admin',
    },
    404: { description: 'eUICC not found', code: 'profile_not_found' },
    409: { description: 'An upstream has the Profile, and its secrets', code: 'profile_at_upstream' },
  },
  targets: ({ body }) => body.kinds ?? [],
  respond: async (
    services: Services<Pick<ProfileStore, 'profile'> & ContentStore>,
    { account, permissions, params, body },
  ) => {
    const needsAdmin = body.kinds.some((kind) => forAdmins.includes(kind));
    if (needsAdmin && !covers(permissions, ['admin'])) throw forbidden(permissions, ['admin']);
    const { iccid, upstream } = await ownedProfile(services, account, params.iccid);
    const content = await services.store.content(iccid);
    if (content === undefined) throw upstream === undefined ? noSuchProfile(iccid) : hasNoSecrets(upstream);
    return { iccid, ...secretsResponse(readProfileSecrets(packageOf(content)), body.kinds) };
  },
});

function hasNoSecrets(upstream: string): HttpProblem {
  return new HttpProblem(
    409,
    'profile_at_upstream',
    `the upstream ${upstream} has the package of this profile: ask its operator`,
  );
}

function secretsResponse(
  { pin1, pin2, puk1, puk2, adm1, otaKeys }: ProfileSecrets,
  asked: readonly Kind[],
): Omit<Static<typeof EUICCProfileSecretsResponse>, 'iccid'> {
  const [pin, puk] = [asked.includes('pin'), asked.includes('puk')];
  return {
    ...(pin && pin1 !== undefined && { pin1 }),
    ...(pin && pin2 !== undefined && { pin2 }),
    ...(puk && puk1 !== undefined && { puk1 }),
    ...(puk && puk2 !== undefined && { puk2 }),
    ...(asked.includes('adm1') && adm1 !== undefined && { adm1: toHex(adm1) }),
    ...(asked.includes('ota_keys') && { ota_keys: otaKeys.map(keysetResponse) }),
  };
}

function keysetResponse({ keyset, kic, kid, kik }: OtaKeyset): Static<typeof OtaKeys> {
  return {
    keyset,
    ...(kic !== undefined && { kic: toHex(kic) }),
    ...(kid !== undefined && { kid: toHex(kid) }),
    ...(kik !== undefined && { kik: toHex(kik) }),
  };
}
