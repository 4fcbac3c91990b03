import { decode, encode, equal } from '@esim-rsp/codec';
import { StoreMetadataRequest } from '@esim-rsp/sgp22/asn1/bound-profile-package';
import { unprotectWithPpk } from '@esim-rsp/sgp22/bpp/open';
import { sameSecret } from '@esim-rsp/sgp22/crypto/digest';
import type { ParameterInput } from '@esim-rsp/sgp22/profile/build';
import { must, refusals } from '@esim-rsp/sgp22/status';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import type { Env } from '../env.ts';
import type { Decision, ProtocolFunction } from '../run.ts';
import type { Change } from '../state/change.ts';
import type { AtUpstream, PlainContent, ProfileContent } from '../state/content.ts';
import type { Profile } from '../state/profile.ts';
import { refuse as refuseAny } from '../state/refusals.ts';
import { type CreateProfileRequest, createProfile, metadataOf, type StockFound } from './createProfile.ts';

const refuse = refusals({
  otherContent: [
    '8.2.1',
    '3.3',
    'a profile with this ICCID exists already, with another package or other keys',
  ],
  otherPlace: ['8.2.1', '3.3', 'a profile with this ICCID exists already, at another SM-DP+'],
  otherNumbers: [
    '8.2.1',
    '3.3',
    'a profile with this ICCID exists already, with another IMSI or phone number',
  ],
  unknownNumbers: [
    '8.2.1',
    '3.3',
    'a profile with this ICCID exists already, without the IMSI or phone number of this row: an import changes no profile, so delete it first',
  ],
  imsiInUse: ['8.2.1', '3.10', 'another profile has this IMSI'],
  otherLabels: ['8.2.1', '3.3', 'a profile with this ICCID exists already, with other names or labels'],
});

/** A Profile to create. */
export type ImportProfileRequest = CreateProfileRequest & {
  /** Of parameters: those that were provided, not generated. */
  readonly provided?: ParameterInput;
  /** Whether it is created only if no other Profile in use of the account has its IMSI. */
  readonly uniqueImsi?: boolean;
};
type Found = StockFound & {
  readonly content?: ProfileContent | undefined;
  /** The other Profile in use that has its IMSI, if that matters. */
  readonly imsiHolder?: Iccid | undefined;
};

/** `exists`: this very Profile existed before, and nothing was written. */
export type Imported = { readonly outcome: 'created' | 'exists'; readonly profile: Profile };

/** Creates a Profile (SGP.22 3.1.2) unless it exists: the same one again is no error, another one is. */
export const importProfile: ProtocolFunction<ImportProfileRequest, Found, Imported> = {
  load: async (request, reader, attempt) => {
    const found = await createProfile.load(request, reader, attempt);
    if (found.existing?.account !== request.account) return found;
    return { ...found, content: await reader.content(found.existing.iccid) };
  },
  decide: async (request, found, env) => {
    const { existing } = found;
    if (existing !== undefined) return compareWithExisting(request, { ...found, existing }, env);
    const { imsiHolder } = found;
    must(imsiHolder === undefined, () => refuse.imsiInUse(imsiHolder));
    const decision = await createProfile.decide(request, found, env);
    if ('refusal' in decision) return decision;
    const save = request.uniqueImsi ? decision.save.map(withUniqueImsi) : decision.save;
    return { reply: { outcome: 'created', profile: decision.reply }, save };
  },
};

/** Of two imports at the same time, neither has found the Profile of the other. */
function withUniqueImsi(change: Change): Change {
  return 'profile' in change ? { ...change, uniqueImsi: true } : change;
}

function compareWithExisting(
  request: ImportProfileRequest,
  { existing, identity, content }: Found & { readonly existing: Profile },
  env: Env,
): Decision<Imported> {
  if (existing.account !== request.account) throw refuseAny.iccidTaken();
  mustHaveContent(request, existing, content);
  if (!hasLabels(request, existing, metadataOf(request, identity, env).bytes)) throw refuse.otherLabels();
  return { reply: { outcome: 'exists', profile: existing }, save: [] };
}

function mustHaveContent(
  { content, provided }: ImportProfileRequest,
  existing: Profile,
  stored: ProfileContent | undefined,
): void {
  const upstream = 'atUpstream' in content ? content.atUpstream.name : undefined;
  must(existing.upstream === upstream, refuse.otherPlace);
  if ('atUpstream' in content) mustHaveNumbers(content.atUpstream, existing);
  else must(stored !== undefined && isSameContent({ content, provided }, stored), refuse.otherContent);
}

/** Numbers that the row does not have are no other ones. */
function mustHaveNumbers(row: AtUpstream['atUpstream'], { imsi, msisdn }: Profile): void {
  const pairs = [
    [row.imsi, imsi],
    [row.msisdn, msisdn ?? ''],
  ].filter(([wanted, known]) => wanted !== undefined && wanted !== known);
  must(
    pairs.every(([, known]) => known === ''),
    refuse.otherNumbers,
  );
  must(pairs.length === 0, refuse.unknownNumbers);
}

/** Labels, and the members of the metadata that have them. */
const labelMembers = {
  serviceProviderName: ['serviceProviderName'],
  profileName: ['profileName'],
  profileClass: ['profileClass'],
  icon: ['iconType', 'icon'],
  policyRules: ['profilePolicyRules'],
  owner: ['profileOwner'],
  notifications: ['notificationConfigurationInfo'],
} as const satisfies Partial<Record<keyof ImportProfileRequest, readonly (keyof StoreMetadataRequest)[]>>;
export type Label = keyof typeof labelMembers;
export const labels = Object.keys(labelMembers) as Label[];

/** Whether a row has this label: one that it does not have is no other one. */
export function hasLabel(request: ImportProfileRequest, label: Label): boolean {
  const { content, provided = 'parameters' in content ? content.parameters : undefined } = request;
  return request[label] !== undefined || (label === 'serviceProviderName' && provided?.[label] !== undefined);
}

/** Whether the Profile has the labels of the row, whose metadata is `metadata`. */
function hasLabels(request: ImportProfileRequest, existing: Profile, metadata: Uint8Array): boolean {
  if (request.profileType !== undefined && request.profileType !== existing.profileType) return false;
  const before = withoutAddress(existing.metadata);
  const row = withoutAddress(metadata);
  const own = labels.filter((label) => hasLabel(request, label)).flatMap((label) => labelMembers[label]);
  const merged = { ...before, ...Object.fromEntries(own.map((name) => [name, row[name]])) };
  return equal(encode(StoreMetadataRequest, merged), encode(StoreMetadataRequest, before));
}

/** Whether a Profile has this content. Secrets that were generated then are not compared. */
function isSameContent(
  {
    content,
    provided,
  }: { readonly content: PlainContent; readonly provided: ImportProfileRequest['provided'] },
  stored: ProfileContent,
): boolean {
  if ('package' in content) {
    if ('parameters' in stored) return false;
    const upp = 'package' in stored ? stored.package : unprotectWithPpk(stored.sequenceOf86, stored.ppk);
    return sameSecret(upp, content.package);
  }
  if (!('parameters' in stored)) return false;
  const { parameters } = stored;
  return Object.entries(provided ?? content.parameters).every(([name, value]) => {
    const before = parameters[name as keyof typeof parameters];
    return value instanceof Uint8Array
      ? before instanceof Uint8Array && sameSecret(before, value)
      : before === value;
  });
}

/** The metadata but for where devices report to: that address is the server's, and may have changed since. */
function withoutAddress(metadata: Uint8Array): StoreMetadataRequest {
  const { notificationConfigurationInfo, ...labels } = decode(StoreMetadataRequest, metadata);
  const events = notificationConfigurationInfo?.map((one) => ({ ...one, notificationAddress: '' }));
  return { ...labels, ...(events && { notificationConfigurationInfo: events }) };
}
