import { must, refusals } from '@esim-rsp/sgp22/status';
import type { Eid } from '@esim-rsp/sgp22/value/eid';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import type { Env } from '../env.ts';
import { reserveProfile } from '../order/reserveProfile.ts';
import type { Reader } from '../ports.ts';
import type { Decision, ProtocolFunction } from '../run.ts';
import { type Calls, fingerprint } from '../state/calls.ts';
import { moveProfile, recordTransition } from '../state/change.ts';
import type { Profile } from '../state/profile.ts';
import { refuse as refuseAny } from '../state/refusals.ts';
import { findStock, saveSupply, type TypeStock, takeFromStock } from '../stock/supply.ts';
import { causeOf, type Requester } from './requester.ts';

/** The status codes of ES2+.DownloadOrder (5.3.1). */
const refuse = refusals({
  nothingNamed: ['1.6', '2.3', 'name the profile by iccid, or its kind by profileType'],
  keysGenerated: [
    '8.2.5',
    '3.7',
    'every profile of this type is ordered, and its template generates keys, which ES2+ cannot return: order over REST, or create the template with a master key',
  ],
});

export type DownloadOrderRequest = Requester & {
  readonly iccid?: Iccid;
  /** The only eUICC that may download. */
  readonly eid?: Eid;
  readonly profileType?: string;
};

type Found = TypeStock & {
  /** What an earlier call with the same identifier and the same content reserved. */
  readonly repeated: Profile | undefined;
  readonly named: Profile | undefined;
};

/** ES2+.DownloadOrder (5.3.1): reserves one Profile, by its ICCID or the oldest in stock of a type. */
export const downloadOrder: ProtocolFunction<DownloadOrderRequest, Found, Profile> = { load, decide };

async function load(request: DownloadOrderRequest, reader: Reader, attempt: number): Promise<Found> {
  const { account, iccid, profileType } = request;
  if (iccid !== undefined)
    return { repeated: undefined, named: await reader.profile(iccid), stock: [], typeKnown: true };
  const none: Found = { repeated: undefined, named: undefined, stock: [], typeKnown: false };
  if (profileType === undefined) return none;
  const call = callOf(request);
  const repeated = call === undefined ? undefined : await reader.profileOrderedBy(account, call);
  if (repeated !== undefined) return { ...none, repeated };
  return { ...none, ...(await findStock(account, profileType, reader, attempt)) };
}

function decide(request: DownloadOrderRequest, found: Found, env: Env): Decision<Profile> {
  const { iccid, profileType } = request;
  must(iccid !== undefined || profileType !== undefined, refuse.nothingNamed);
  if (found.repeated !== undefined) return { reply: found.repeated, save: [] };
  return iccid === undefined ? orderOne(request, found, env) : orderNamed(request, found.named, env);
}

function orderNamed(
  request: DownloadOrderRequest,
  profile: Profile | undefined,
  env: Env,
): Decision<Profile> {
  if (isRepeat(request, profile)) return { reply: profile, save: [] };
  must(profile, refuseAny.iccidUnknown);
  const reserved = reserveProfile(request, profile, env, callsOf(request));
  return { reply: reserved, save: moveProfile(profile, reserved, causeOf(request, env)) };
}

function orderOne(request: DownloadOrderRequest, stock: TypeStock, env: Env): Decision<Profile> {
  const { freeNumbers } = stock;
  must(freeNumbers === undefined || freeNumbers.template.masterKey !== undefined, refuse.keysGenerated);
  const supply = takeFromStock(stock, env, causeOf(request, env));
  if ('refusal' in supply) return supply;
  const reserved = reserveProfile(request, supply.profile, env, callsOf(request));
  const events = recordTransition(supply.profile, reserved, causeOf(request, env));
  return { reply: reserved, save: [...saveSupply(supply, reserved), ...events] };
}

function isRepeat(request: DownloadOrderRequest, profile: Profile | undefined): profile is Profile {
  const call = callOf(request);
  return call !== undefined && profile?.account === request.account && profile.calls?.downloadOrder === call;
}

function callOf({ functionCallIdentifier, iccid, eid, profileType }: DownloadOrderRequest) {
  if (functionCallIdentifier === undefined) return undefined;
  return fingerprint(functionCallIdentifier, iccid, eid, profileType);
}

function callsOf(request: DownloadOrderRequest): Calls | undefined {
  const call = callOf(request);
  return call === undefined ? undefined : { downloadOrder: call };
}
