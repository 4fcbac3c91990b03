import { decode } from '@esim-rsp/codec';
import { StoreMetadataRequest } from '@esim-rsp/sgp22/asn1/bound-profile-package';
import { changeMetadata, type MetadataChange } from '@esim-rsp/sgp22/profile/metadata';
import { must, refusals } from '@esim-rsp/sgp22/status';
import { confirmationCodeHash } from '@esim-rsp/sgp22/value/confirmation-code';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import type { Env } from '../env.ts';
import type { Decision, ProtocolFunction } from '../run.ts';
import { allowed, describeState } from '../state/allowed.ts';
import { recordEvent } from '../state/change.ts';
import { byUser } from '../state/event.ts';
import type { Order, ReusePolicy } from '../state/order.ts';
import { orderOf, type Profile } from '../state/profile.ts';
import { refuse as refuseAny } from '../state/refusals.ts';
import { withReusePolicy } from '../state/reuse.ts';
import { withExpiry } from './order-terms.ts';

const refuse = refusals({
  notAllowed: [
    '8.2.1',
    '3.5',
    'the profile can be changed until it is downloaded, and after that only its reuse policy',
  ],
  noOrder: [
    '8.2.1',
    '3.5',
    'expiry, attempts, confirmation code and reuse policy belong to an order, and there is none yet',
  ],
  handedOut: ['8.2.1', '3.5', 'an eUICC has fetched the profile already, so what devices see of it stays'],
});

export type OrderChange = {
  /** Unix seconds; null: it never expires. */
  readonly expiresAt?: number | null;
  readonly downloadAttempts?: number;
  /** null: no code is needed any more. The attempts start again. */
  readonly confirmationCode?: string | null;
  readonly reusePolicy?: ReusePolicy;
};

export type UpdateProfileRequest = {
  readonly account: string;
  readonly iccid: Iccid;
  readonly order: OrderChange;
  readonly metadata: MetadataChange;
  readonly profileType?: string;
};

/** Updates the members that the request names. The state stays. */
export const updateProfile: ProtocolFunction<UpdateProfileRequest, Profile | undefined, Profile> = {
  load: ({ iccid }, reader) => reader.profile(iccid),
  decide: (request, profile, env): Decision<Profile> => {
    must(profile?.account === request.account, refuseAny.iccidUnknown);
    must(mayUpdate(profile, request), () => refuse.notAllowed(describeState(profile, 'update')));
    must(profile.operation === undefined, refuseAny.operationOpen);
    const changed = withOrder(withLabels(profile, request, env), request.order, env);
    if (changed === profile) return { reply: profile, save: [] };
    const event = recordEvent('profile.updated', { from: profile, to: changed }, byUser(env));
    return { reply: changed, save: [{ profile: changed }, event] };
  },
};

/** A profile without an order cannot be downloaded; one with an order may still return, so its reuse policy can change in any state. */
function mayUpdate(profile: Profile, { order, metadata, profileType }: UpdateProfileRequest): boolean {
  if (allowed[profile.state].includes('update')) return true;
  const isPolicyOnly = Object.keys(order).every((member) => member === 'reusePolicy');
  return isPolicyOnly && Object.keys(metadata).length === 0 && profileType === undefined && hasOrder(profile);
}

function hasOrder(profile: Profile): profile is Extract<Profile, { order: Order }> {
  return orderOf(profile) !== undefined;
}

function withLabels(
  profile: Profile,
  { metadata: change, profileType }: UpdateProfileRequest,
  { smdpAddress }: Env,
): Profile {
  const labelled = profileType === undefined ? profile : { ...profile, profileType };
  if (Object.keys(change).length === 0) return labelled;
  must(!('binding' in profile) || profile.binding === undefined, refuse.handedOut);
  const metadata = changeMetadata(decode(StoreMetadataRequest, profile.metadata), change, smdpAddress);
  return { ...labelled, metadata: metadata.bytes };
}

function withOrder(profile: Profile, change: OrderChange, env: Env): Profile {
  if (Object.keys(change).length === 0) return profile;
  must(hasOrder(profile), () => refuse.noOrder(describeState(profile, 'update')));
  return { ...profile, order: changedOrder(profile.order, change, env) };
}

function changedOrder(
  order: Order,
  { expiresAt, downloadAttempts, confirmationCode, reusePolicy }: OrderChange,
  env: Env,
): Order {
  const renewed = withExpiry(order, expiresAt, env);
  const { confirmationCode: code, ...kept } =
    reusePolicy === undefined ? renewed : withReusePolicy(renewed, reusePolicy);
  const asked =
    confirmationCode === undefined || confirmationCode === null
      ? confirmationCode
      : { hash: confirmationCodeHash(confirmationCode), attemptsLeft: env.limits.confirmationCodeAttempts };
  const now = asked === undefined ? code : asked;
  return {
    ...kept,
    ...(now !== undefined && now !== null && { confirmationCode: now }),
    ...(downloadAttempts !== undefined && { downloadAttemptsLeft: downloadAttempts }),
  };
}
