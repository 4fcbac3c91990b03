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
import type { Order } from '../state/order.ts';
import type { Profile } from '../state/profile.ts';
import { refuse as refuseAny } from '../state/refusals.ts';
import { checkExpiry } from './order-terms.ts';

const refuse = refusals({
  notAllowed: ['8.2.1', '3.5', 'the profile can be changed until it is downloaded'],
  noOrder: [
    '8.2.1',
    '3.5',
    'expiry, attempts and confirmation code belong to an order, and there is none yet',
  ],
  handedOut: ['8.2.1', '3.5', 'an eUICC has fetched the profile already, so what devices see of it stays'],
});

export type OrderChange = {
  /** Unix seconds; null: it never expires. */
  readonly expiresAt?: number | null;
  readonly downloadAttempts?: number;
  /** null: no code is needed any more. The attempts start again. */
  readonly confirmationCode?: string | null;
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
    must(allowed[profile.state].includes('update'), () => refuse.notAllowed(describeState(profile)));
    const changed = withOrder(withLabels(profile, request, env), request.order, env);
    if (changed === profile) return { reply: profile, save: [] };
    const event = recordEvent('profile.updated', { from: profile, to: changed }, byUser(env));
    return { reply: changed, save: [{ profile: changed }, event] };
  },
};

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
  must(profile.state === 'CONFIRMED' || profile.state === 'RELEASED', () =>
    refuse.noOrder(describeState(profile)),
  );
  return { ...profile, order: changedOrder(profile.order, change, env) };
}

function changedOrder(
  order: Order,
  { expiresAt, downloadAttempts, confirmationCode }: OrderChange,
  env: Env,
): Order {
  const { expiresAt: expires, confirmationCode: code, ...kept } = order;
  const until = expiresAt === undefined ? expires : expiresAt;
  if (expiresAt !== undefined && expiresAt !== null) checkExpiry(expiresAt, Math.floor(env.now / 1000));
  const asked =
    confirmationCode === undefined || confirmationCode === null
      ? confirmationCode
      : { hash: confirmationCodeHash(confirmationCode), attemptsLeft: env.limits.confirmationCodeAttempts };
  const now = asked === undefined ? code : asked;
  return {
    ...kept,
    ...(until !== undefined && until !== null && { expiresAt: until }),
    ...(now !== undefined && now !== null && { confirmationCode: now }),
    ...(downloadAttempts !== undefined && { downloadAttemptsLeft: downloadAttempts }),
  };
}
