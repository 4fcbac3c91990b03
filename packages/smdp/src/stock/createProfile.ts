import { protectWithPpk } from '@esim-rsp/sgp22/bpp/bind';
import { generatePpk } from '@esim-rsp/sgp22/bpp/session-keys';
import { buildProfilePackage, type ProfileParameters } from '@esim-rsp/sgp22/profile/build';
import { capabilitiesFor } from '@esim-rsp/sgp22/profile/capabilities';
import { storeMetadataFor } from '@esim-rsp/sgp22/profile/metadata';
import { type ProfileHeader, readProfilePackage } from '@esim-rsp/sgp22/profile/read';
import { must } from '@esim-rsp/sgp22/status';
import { type Iccid, parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';
import type { Env } from '../env.ts';
import type { Decision, ProtocolFunction } from '../run.ts';
import type { Change } from '../state/change.ts';
import { recordTransition } from '../state/change.ts';
import type { AtUpstream, PlainContent, ProfileContent } from '../state/content.ts';
import { byUser } from '../state/event.ts';
import type { Needs, Profile, ProfileLabels, ProfileProtection, Stocked } from '../state/profile.ts';
import { refuse } from '../state/refusals.ts';

export type CreateProfileRequest = ProfileLabels & {
  readonly account: string;
  readonly content: PlainContent | AtUpstream;
  /** Default: PPK for a package; what is built from parameters always takes the keys of its session (ADR 5). */
  readonly protection?: ProfileProtection;
  readonly profileType?: string;
  /** Of its content, if it has been read before. */
  readonly identity?: Identity;
};

/** Puts a Profile into stock (SGP.22 3.1.2): AVAILABLE from now on. Throws ProfilePackageError or ValueError for what is no Profile. */
export const createProfile: ProtocolFunction<CreateProfileRequest, StockFound, Profile> = {
  load: async ({ account, content, identity = identityOf(content) }, reader) => {
    const { iccid } = identity;
    const existing = await reader.profile(iccid);
    const isReserved =
      existing === undefined && (await reader.reservedForOthers(account, iccid, iccid)).length > 0;
    return { identity, existing, isReserved };
  },
  decide,
};

export type StockFound = {
  readonly identity: Identity;
  readonly existing: Profile | undefined;
  /** Whether its ICCID is in a range that is reserved for another account. */
  readonly isReserved: boolean;
};

export type Identity = {
  readonly iccid: Iccid;
  readonly imsi: string;
  readonly msisdn?: string;
  readonly serviceProviderName?: string;
  readonly profileName?: string;
  /** Of a package: what it says that an eUICC has to have. */
  readonly needs?: Needs;
};

/** Who the Profile is, from its package, which is read here only, or from the parameters that its package is built from. */
export function identityOf(content: PlainContent | AtUpstream): Identity {
  if ('atUpstream' in content) {
    const { iccid, imsi = '', msisdn } = content.atUpstream;
    return { iccid, imsi, ...(msisdn !== undefined && { msisdn }) };
  }
  if ('parameters' in content) return content.parameters;
  const upp = content.package;
  const { iccid: written, imsi, msisdn, serviceProviderName, header } = readProfilePackage(upp);
  const iccid = parseIccid(written); // a package may have one of 18 digits, which no order can name
  if (imsi === undefined)
    throw new ValueError('the profile package has no EF.IMSI, so the profile has no subscription');
  return {
    iccid,
    imsi,
    needs: needsOf(upp, header),
    ...(msisdn !== undefined && { msisdn }),
    ...(serviceProviderName !== undefined && { serviceProviderName }),
    ...(header.profileType !== undefined && { profileName: header.profileType }),
  };
}

function needsOf(upp: Uint8Array, { mandatoryServices }: ProfileHeader): Needs {
  return { bytes: upp.length, capabilities: capabilitiesFor(mandatoryServices) };
}

/** What the package that is built from parameters asks of an eUICC. */
function needsWhenBuilt(parameters: ProfileParameters): Needs {
  const upp = buildProfilePackage(parameters);
  return needsOf(upp, readProfilePackage(upp).header);
}

function decide(
  request: CreateProfileRequest,
  { identity, existing, isReserved }: StockFound,
  env: Env,
): Decision<Profile> {
  must(existing === undefined && !isReserved, refuse.iccidTaken);
  const made = newProfile(request, identity, env);
  return { reply: made.profile, save: saveNewProfile(made, env) };
}

/** `content`: absent if an upstream has it. */
export type NewProfile = { readonly profile: Stocked; readonly content?: ProfileContent };

/** Saves a new profile, and records the event. */
export function saveNewProfile({ profile, content }: NewProfile, env: Env): readonly Change[] {
  return [
    { profile, ...(content !== undefined && { content }) },
    ...recordTransition(undefined, profile, byUser(env)),
  ];
}

/** Creates the Profile, AVAILABLE. */
export function newProfile(request: CreateProfileRequest, identity: Identity, env: Env): NewProfile {
  const { content: source } = request;
  const content = 'atUpstream' in source ? undefined : protectedContent(source, request.protection, env);
  const metadata = metadataOf(request, identity, env);
  const needs = 'parameters' in source ? needsWhenBuilt(source.parameters) : identity.needs;
  const profile: Stocked = {
    iccid: identity.iccid,
    account: request.account,
    ...('atUpstream' in source && { upstream: source.atUpstream.name }),
    imsi: identity.imsi,
    ...(identity.msisdn !== undefined && { msisdn: identity.msisdn }),
    ...(request.profileType !== undefined && { profileType: request.profileType }),
    metadata: metadata.bytes,
    ...(needs !== undefined && { needs }),
    protection: content !== undefined && 'ppk' in content ? 'ppk' : 'session_keys',
    changedAt: Math.floor(env.now / 1000),
    version: 0,
    state: 'AVAILABLE',
  };
  return { profile, ...(content !== undefined && { content }) };
}

/** What eUICCs get to see of the Profile (5.5.3). */
export function metadataOf(request: CreateProfileRequest, identity: Identity, { smdpAddress }: Env) {
  const serviceProviderName = request.serviceProviderName ?? identity.serviceProviderName ?? '';
  return storeMetadataFor({
    ...request,
    iccid: identity.iccid,
    serviceProviderName,
    profileName: request.profileName ?? identity.profileName ?? serviceProviderName,
    profileClass: request.profileClass ?? 'operational',
    notificationAddress: smdpAddress,
  });
}

/** A package is protected once, here, and then only in that form stored. */
function protectedContent(
  content: PlainContent,
  protection: ProfileProtection | undefined,
  { random }: Env,
): ProfileContent {
  if ('parameters' in content || protection === 'session_keys') return content;
  const ppk = generatePpk(random);
  return { ppk, sequenceOf86: protectWithPpk(content.package, ppk) };
}
