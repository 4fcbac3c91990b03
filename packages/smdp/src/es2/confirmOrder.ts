import { must, refusals } from '@esim-rsp/sgp22/status';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import { isMatchingId } from '@esim-rsp/sgp22/value/matching-id';
import type { Env } from '../env.ts';
import { type Confirmation, confirmProfile, fingerprintOf } from '../order/confirmProfile.ts';
import type { Reader } from '../ports.ts';
import type { Decision, ProtocolFunction } from '../run.ts';
import { describeState } from '../state/allowed.ts';
import { moveProfile } from '../state/change.ts';
import type { Profile } from '../state/profile.ts';
import { refuse as refuseAny } from '../state/refusals.ts';
import { causeOf, type Requester } from './requester.ts';

/** The status codes of ES2+.ConfirmOrder (5.3.2). */
const refuse = refusals({
  matchingIdMalformed: ['8.2.6', '2.1', "a MatchingID has up to 80 digits, upper-case letters and '-'"],
  notReserved: ['8.2.1', '3.3', 'only an ordered profile can be confirmed'],
});

export type ConfirmOrderRequest = Requester &
  Omit<Confirmation, 'matchingId'> & {
    readonly iccid: Iccid;
    /** As it was sent. */
    readonly matchingId?: string;
  };

type Found = {
  readonly profile: Profile | undefined;
  /** Whose order has the MatchingID that was asked for. */
  readonly holder: Profile | undefined;
};

/** ES2+.ConfirmOrder (5.3.2): fixes what the order is, and releases it if asked to. */
export const confirmOrder: ProtocolFunction<ConfirmOrderRequest, Found, Profile> = { load, decide };

async function load({ iccid, matchingId }: ConfirmOrderRequest, reader: Reader): Promise<Found> {
  const named = matchingId !== undefined && matchingId !== '' && isMatchingId(matchingId);
  return {
    profile: await reader.profile(iccid),
    holder: named ? await reader.profileByMatchingId(matchingId) : undefined,
  };
}

function decide(asked: ConfirmOrderRequest, { profile, holder }: Found, env: Env): Decision<Profile> {
  must(profile?.account === asked.account, refuseAny.iccidUnknown);
  const request = withMatchingId(asked);
  if (profile.calls?.confirmOrder === fingerprintOf(request)) return { reply: profile, save: [] };
  must(profile.state === 'ALLOCATED' || profile.state === 'LINKED', () =>
    refuse.notReserved(describeState(profile, 'confirm')),
  );
  const confirmed = confirmProfile(request, profile, env, holder);
  return { reply: confirmed, save: moveProfile(profile, confirmed, causeOf(request, env)) };
}

function withMatchingId({ matchingId, ...request }: ConfirmOrderRequest): Requester & Confirmation {
  if (matchingId === undefined) return request;
  must(isMatchingId(matchingId), refuse.matchingIdMalformed);
  return { ...request, matchingId };
}
