import { must, refusals } from '@esim-rsp/sgp22/status';
import type { Eid } from '@esim-rsp/sgp22/value/eid';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import { standing } from '../operator/allowed.ts';
import type { Decision, Env, ProtocolFunction, Reader } from '../ports.ts';
import { fingerprint } from '../state/calls.ts';
import { byOperator, moved } from '../state/event.ts';
import type { Profile, Reserved } from '../state/profile.ts';
import { reserve } from '../state/transitions.ts';
import { type Requester, refuse as refuseAny } from './requester.ts';

/** The status codes of ES2+.DownloadOrder (5.3.1). */
const refuse = refusals({
  nothingNamed: ['1.6', '2.3', 'name the profile by iccid, or its kind by profileType'],
  notAvailable: ['8.2.1', '3.3', 'only an AVAILABLE profile can be ordered'],
  typeDiffers: ['8.2.5', '3.8', 'the profile with this ICCID is of another type'],
  typeUnknown: ['8.2.5', '3.9', 'no profile of this type was ever stocked'],
  stockEmpty: ['8.2.5', '3.7', 'every profile of this type is ordered: stock more of them'],
});

export type DownloadOrderRequest = Requester & {
  readonly iccid?: Iccid;
  /** The only eUICC that may download. */
  readonly eid?: Eid;
  readonly profileType?: string;
};

type Found = TypeStock & {
  /** What an earlier call with the same identifier and the same wishes reserved. */
  readonly repeated: Profile | undefined;
  readonly named: Profile | undefined;
};

/** ES2+.DownloadOrder (5.3.1): reserves one Profile, by its ICCID or the oldest in stock of a type. */
export const downloadOrder: ProtocolFunction<DownloadOrderRequest, Found, Profile> = { load, decide };

/** What is in stock of a type, the oldest first. */
export type TypeStock = { readonly stock: readonly Profile[]; readonly typeKnown: boolean };

/** Many orders of one type at a time would all take the oldest profile: from the second attempt on, one of the oldest. */
const windows = [1, 16, 128, 512, 1024];

export async function stockOf(
  account: string,
  profileType: string,
  reader: Reader,
  attempt: number,
): Promise<TypeStock> {
  const stock = await reader.availableOfType(account, profileType, windows[attempt] ?? 1024);
  return { stock, typeKnown: stock.length > 0 || (await reader.knowsType(account, profileType)) };
}

async function load(request: DownloadOrderRequest, reader: Reader, attempt: number): Promise<Found> {
  const { account, iccid, profileType } = request;
  if (iccid !== undefined)
    return { repeated: undefined, named: await reader.profile(iccid), stock: [], typeKnown: true };
  const none: Found = { repeated: undefined, named: undefined, stock: [], typeKnown: false };
  if (profileType === undefined) return none;
  const call = callOf(request);
  const repeated = call === undefined ? undefined : await reader.profileOrderedBy(account, call);
  if (repeated !== undefined) return { ...none, repeated };
  return { ...none, ...(await stockOf(account, profileType, reader, attempt)) };
}

function decide(request: DownloadOrderRequest, found: Found, env: Env): Decision<Profile> {
  const { iccid, profileType } = request;
  must(iccid !== undefined || profileType !== undefined, refuse.nothingNamed);
  if (found.repeated !== undefined) return { reply: found.repeated, save: [] };
  const profile = iccid === undefined ? fromStock(found, env) : found.named;
  if (isRepeat(request, profile)) return { reply: profile, save: [] };
  must(profile, refuseAny.iccidUnknown);
  const reserved = reservation(request, profile, env);
  return { reply: reserved, save: moved(profile, reserved, byOperator(env)) };
}

/** One of the type that was asked for. Where a type has a template, an empty stock is where it is asked. */
export function fromStock({ stock, typeKnown }: TypeStock, { random }: Env): Profile {
  must(typeKnown, refuse.typeUnknown);
  const [oldest] = stock;
  must(oldest, refuse.stockEmpty);
  if (stock.length === 1) return oldest;
  const [high = 0, low = 0] = random(2);
  return stock[(high * 256 + low) % stock.length] ?? oldest;
}

/** The checks of a named profile, and the step itself: ES2+ and the order over REST share them. */
export function reservation(request: DownloadOrderRequest, profile: Profile | undefined, env: Env): Reserved {
  must(profile?.account === request.account, refuseAny.iccidUnknown);
  must(profile.state === 'AVAILABLE', () => refuse.notAvailable(standing(profile)));
  const { profileType } = request;
  must(profileType === undefined || profileType === profile.profileType, () =>
    refuse.typeDiffers(profile.profileType ?? 'it has none'),
  );
  const call = callOf(request);
  const calls = call === undefined ? undefined : { downloadOrder: call };
  return reserve(profile, request.eid, Math.floor(env.now / 1000), calls);
}

function isRepeat(request: DownloadOrderRequest, profile: Profile | undefined): profile is Profile {
  const call = callOf(request);
  return call !== undefined && profile?.account === request.account && profile.calls?.downloadOrder === call;
}

function callOf({ functionCallIdentifier, iccid, eid, profileType }: DownloadOrderRequest) {
  if (functionCallIdentifier === undefined) return undefined;
  return fingerprint(functionCallIdentifier, iccid, eid, profileType);
}
