import { parsePaddedIccid } from '@esim-rsp/sgp22/value/iccid';
import type { Env } from '../env.ts';
import type { Reader } from '../ports.ts';
import { type Change, recordTransition } from '../state/change.ts';
import type { Cause } from '../state/event.ts';
import type { Operation } from '../state/gateway/operation.ts';
import type { CallAnswer } from '../state/gateway/outcome.ts';
import { type Profile, readyOf } from '../state/profile.ts';
import {
  type CreateProfileRequest,
  createProfile,
  newProfile,
  type StockFound,
} from '../stock/createProfile.ts';

/** The Profile that an upstream has chosen for an order of a type: what there is with its ICCID, and what it would be. */
export type ChosenProfile = StockFound & { readonly request: CreateProfileRequest };

/** undefined: the answer names none, or no valid ICCID. */
export async function findChosen(
  { account, upstream, profileType }: Operation,
  answer: CallAnswer,
  reader: Reader,
): Promise<ChosenProfile | undefined> {
  const iccid = iccidIn(answer);
  if (iccid === undefined) return undefined;
  const request = {
    account,
    content: { atUpstream: { name: upstream, iccid } },
    ...(profileType !== undefined && { profileType }),
  };
  return { ...(await createProfile.load(request, reader, 0)), request };
}

function iccidIn({ iccid }: CallAnswer) {
  try {
    return iccid === undefined ? undefined : parsePaddedIccid(iccid);
  } catch {
    return undefined;
  }
}

/** Why a Profile that an upstream has chosen cannot be the one of an order; undefined: it can. */
export function whyNotChosen(
  { identity: { iccid }, existing, isReserved }: ChosenProfile,
  operation: Operation,
): string | undefined {
  if (isReserved) return `the upstream has chosen the ICCID ${iccid}, which is not available here`;
  if (existing === undefined || isFree(existing, operation)) return undefined;
  return `the upstream has chosen the ICCID ${iccid}, which exists here already: nothing was changed, and what it has reserved may have to be cancelled there`;
}

/** In stock here, from the same upstream: after a cancelled order it is in stock at both. */
function isFree(profile: Profile, { account, upstream, profileType }: Operation): boolean {
  return (
    profile.account === account &&
    profile.upstream === upstream &&
    profile.profileType === profileType &&
    profile.state === 'AVAILABLE' &&
    profile.operation === undefined &&
    readyOf(profile) === undefined
  );
}

/** The order continues as one of this Profile, which exists from now on. */
export function adoptChosen(
  { request, identity, existing }: ChosenProfile,
  operation: Operation,
  cause: Cause,
  env: Env,
): { readonly operation: Operation; readonly profile: Profile; readonly save: readonly Change[] } {
  const named = { ...operation, iccid: identity.iccid };
  if (existing !== undefined)
    return { operation: named, profile: { ...existing, operation: operation.id }, save: [] };
  const { profile } = newProfile(request, identity, env);
  const save = recordTransition(undefined, profile, cause);
  return { operation: named, profile: { ...profile, operation: operation.id }, save };
}
