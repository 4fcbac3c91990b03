import type { Es2Name, Es2Request, Es2Response } from '@esim-rsp/sgp22/functions/es2plus';
import { must, refusals } from '@esim-rsp/sgp22/status';
import type { Env } from '../env.ts';
import type { Decision, ProtocolFunction } from '../run.ts';
import { type CallFingerprint, fingerprint } from '../state/calls.ts';
import type { Change } from '../state/change.ts';
import { orderOf, type Profile } from '../state/profile.ts';
import { cancelOrder } from './cancelOrder.ts';
import { confirmOrder } from './confirmOrder.ts';
import { downloadOrder } from './downloadOrder.ts';
import { releaseProfile } from './releaseProfile.ts';
import type { Requester } from './requester.ts';

/** A request of ES2+ and the account that the transport found its caller to be. */
export type Es2Call<N extends Es2Name> = { readonly account: string; readonly request: Es2Request<N> };

/** The functions of ES2+ by the names of the table in sgp22/functions/es2plus.ts. */
export type Es2Functions = {
  // biome-ignore lint/suspicious/noExplicitAny: each function has its own type of what it loads
  readonly [N in Es2Name]: ProtocolFunction<Es2Call<N>, any, Es2Response<N>>;
};

export const es2Functions: Es2Functions = {
  downloadOrder: onTheWire<'downloadOrder', Parameters<typeof downloadOrder.decide>[1]>(
    'downloadOrder',
    downloadOrder,
    ({ iccid }) => ({ iccid }),
  ),
  confirmOrder: onTheWire<'confirmOrder', Parameters<typeof confirmOrder.decide>[1]>(
    'confirmOrder',
    confirmOrder,
    confirmed,
  ),
  cancelOrder: onTheWire<'cancelOrder', Parameters<typeof cancelOrder.decide>[1]>(
    'cancelOrder',
    cancelOrder,
    () => ({}),
  ),
  releaseProfile: onTheWire<'releaseProfile', Profile | undefined>(
    'releaseProfile',
    releaseProfile,
    () => ({}),
  ),
};

function confirmed(profile: Profile, { smdpAddress }: Env): Es2Response<'confirmOrder'> {
  const order = orderOf(profile);
  if (order === undefined) throw new Error(`the confirmed profile ${profile.iccid} has no order`);
  const { eid, matchingId } = order;
  return { ...(eid !== undefined && { eid }), matchingId, smdpAddress };
}

type Asked<N extends Es2Name> = Requester & Omit<Es2Request<N>, 'header'>;

const refuse = refusals({
  formerProfile: [
    '8.2.1',
    '3.9',
    'this call belongs to a profile that was deleted; a call about a new profile has a functionCallIdentifier of its own',
  ],
});

/** `isFormer`: the call changed a Profile that was deleted. It came before, and this is a late repeat. */
type Wired<F> = { readonly own: F; readonly isFormer: boolean };

/**
 * A function between the messages of the wire: the members keep their names, the header becomes the requester. Profiles remember the calls
 * that changed them, so that a repeat never changes another Profile that got the same ICCID.
 */
function onTheWire<N extends Es2Name, F>(
  name: N,
  fn: ProtocolFunction<Asked<N>, F, Profile>,
  reply: (profile: Profile, env: Env) => Es2Response<N>,
): ProtocolFunction<Es2Call<N>, Wired<F>, Es2Response<N>> {
  return {
    load: async (call, reader, attempt) => {
      const asked = askedBy(call);
      const isFormer = await reader.isFormerCall(call.account, callOf(name, asked));
      return { own: await fn.load(asked, reader, attempt), isFormer };
    },
    decide: async (call, { own, isFormer }, env) => {
      must(!isFormer, refuse.formerProfile);
      const asked = askedBy(call);
      const decision: Decision<Profile> = await fn.decide(asked, own, env);
      const save = decision.save.map((change) => withCall(change, callOf(name, asked)));
      return 'refusal' in decision
        ? { ...decision, save }
        : { ...decision, save, reply: reply(decision.reply, env) };
    },
  };
}

function callOf(name: Es2Name, { functionCallIdentifier, iccid }: Requester & { readonly iccid?: unknown }) {
  return fingerprint(name, functionCallIdentifier, iccid === undefined ? undefined : String(iccid));
}

/** How many calls a Profile remembers: more than an order and its changes need. */
const REMEMBERED_CALLS = 32;

function withCall(change: Change, call: CallFingerprint): Change {
  if (!('profile' in change)) return change;
  const { es2Calls = [] } = change.profile;
  const calls = [...es2Calls, call].slice(-REMEMBERED_CALLS);
  return { ...change, profile: { ...change.profile, es2Calls: calls } };
}

/** A functionCallIdentifier is unique for its requester. */
function askedBy<N extends Es2Name>({ account, request }: Es2Call<N>): Asked<N> {
  const { header, ...members } = request as Es2Request<Es2Name>;
  const { functionRequesterIdentifier, functionCallIdentifier } = header;
  const identifier = `${functionRequesterIdentifier} ${functionCallIdentifier}`;
  return { ...members, account, functionCallIdentifier: identifier } as unknown as Asked<N>;
}
