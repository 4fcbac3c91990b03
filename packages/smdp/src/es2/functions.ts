import type { Es2Name, Es2Request, Es2Response } from '@esim-rsp/sgp22/functions/es2plus';
import type { Env } from '../env.ts';
import type { Decision, ProtocolFunction } from '../run.ts';
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
    downloadOrder,
    ({ iccid }) => ({ iccid }),
  ),
  confirmOrder: onTheWire<'confirmOrder', Parameters<typeof confirmOrder.decide>[1]>(confirmOrder, confirmed),
  cancelOrder: onTheWire<'cancelOrder', Parameters<typeof cancelOrder.decide>[1]>(cancelOrder, () => ({})),
  releaseProfile: onTheWire<'releaseProfile', Profile | undefined>(releaseProfile, () => ({})),
};

function confirmed(profile: Profile, { smdpAddress }: Env): Es2Response<'confirmOrder'> {
  const order = orderOf(profile);
  if (order === undefined) throw new Error(`the confirmed profile ${profile.iccid} has no order`);
  const { eid, matchingId } = order;
  return { ...(eid !== undefined && { eid }), matchingId, smdpAddress };
}

type Asked<N extends Es2Name> = Requester & Omit<Es2Request<N>, 'header'>;

/** A function between the messages of the wire: the members keep their names, the header becomes the requester. */
function onTheWire<N extends Es2Name, F>(
  fn: ProtocolFunction<Asked<N>, F, Profile>,
  reply: (profile: Profile, env: Env) => Es2Response<N>,
): ProtocolFunction<Es2Call<N>, F, Es2Response<N>> {
  return {
    load: (call, reader, attempt) => fn.load(askedBy(call), reader, attempt),
    decide: async (call, found, env) => {
      const decision: Decision<Profile> = await fn.decide(askedBy(call), found, env);
      return 'refusal' in decision ? decision : { ...decision, reply: reply(decision.reply, env) };
    },
  };
}

/** A functionCallIdentifier is unique for its requester. */
function askedBy<N extends Es2Name>({ account, request }: Es2Call<N>): Asked<N> {
  const { header, ...members } = request as Es2Request<Es2Name>;
  const { functionRequesterIdentifier, functionCallIdentifier } = header;
  const identifier = `${functionRequesterIdentifier} ${functionCallIdentifier}`;
  return { ...members, account, functionCallIdentifier: identifier } as unknown as Asked<N>;
}
