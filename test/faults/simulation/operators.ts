import { completeParameters } from '@esim-rsp/sgp22/profile/build';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import { cancelProfile } from '@esim-rsp/smdp/order/cancelProfile';
import { endTerm } from '@esim-rsp/smdp/order/endTerm';
import { resetProfile } from '@esim-rsp/smdp/order/lifecycle';
import { orderOfType, orderProfile } from '@esim-rsp/smdp/order/orderProfile';
import { purgeProfile } from '@esim-rsp/smdp/order/purgeProfile';
import type { ProtocolFunction } from '@esim-rsp/smdp/run';
import { orderOf, type Profile } from '@esim-rsp/smdp/state/profile';
import { createProfile } from '@esim-rsp/smdp/stock/createProfile';
import { attempt, type Play } from './play.ts';

const CALLS = 25;
const account = 'operator';
const [ki, opc] = [new Uint8Array(16).fill(1), new Uint8Array(16).fill(2)];

/** An operator that creates, orders, cancels and deletes profiles, whatever others do with them at the same time. */
export async function actAsOperator(play: Play, name: string): Promise<void> {
  const { chance, turn } = play.scheduler;
  for (let i = 0; i < CALLS; i++) {
    for (let pause = chance.number(12); pause > 0; pause--) await turn();
    await chance.pick(calls)({ play, iccid: chance.pick(play.iccids), id: `${name}-${i}` });
  }
}

type Call = { readonly play: Play; readonly iccid: Iccid; readonly id: string };

/** Makes a call. If it is answered, an event says who has made it: what was answered is stored. */
async function make<Q, F, R>(
  { play, id }: Call,
  fn: ProtocolFunction<Q, F, R>,
  request: NoInfer<Q>,
): Promise<R | undefined> {
  const done = await attempt(play, () => play.smdp.call(fn, request, { keyId: id }));
  if (done === undefined) return undefined;
  const isStored = play.smdp.disk.events.some(({ actor }) => actor.kind === 'user' && actor.keyId === id);
  if (!isStored) play.report(`the call ${id} was answered, and is not in the history`);
  return done.answer;
}

const create = async (call: Call) => {
  const { iccid } = call;
  const names = { serviceProviderName: 'Example Mobile', profileName: 'Travel' };
  const parameters = completeParameters({ iccid, imsi: '001010123456789', ki, opc, ...names }, (length) =>
    call.play.scheduler.chance.octets(length),
  );
  await make(call, createProfile, { account, content: { parameters }, profileType: 'gold' });
};

const order = async (call: Call) => {
  const { play, iccid } = call;
  const { chance, now } = play.scheduler;
  const terms = {
    account,
    release: chance.number(6) > 0,
    ...(chance.number(6) === 0 && { expiresAt: Math.floor(now() / 1000) + 1 + chance.number(60) }),
  };
  const isReusable = play.reusable.has(iccid);
  if (!isReusable && chance.number(3) === 0) {
    const ordered = await make(call, orderOfType, { ...terms, profileType: 'gold', confirm: true });
    if (ordered !== undefined) publish(play, ordered.profile);
    return;
  }
  const profile = await make(call, orderProfile, { ...terms, iccid, ...(isReusable && { reusable: true }) });
  if (profile !== undefined) publish(play, profile);
};

function publish({ codes }: Play, profile: Profile): void {
  const matchingId = orderOf(profile)?.matchingId;
  if (matchingId !== undefined) codes.push({ iccid: profile.iccid, matchingId });
}

const cancel = async (call: Call) => {
  const finalState = call.play.scheduler.chance.pick(['AVAILABLE', 'UNAVAILABLE'] as const);
  await make(call, cancelProfile, { account, iccid: call.iccid, finalState });
};
const reset = async (call: Call) => {
  if (!call.play.isHasty) await make(call, resetProfile, { account, iccid: call.iccid });
};
const purge = async (call: Call) => {
  if (!call.play.isHasty)
    await make(call, purgeProfile, { account, iccid: call.iccid, force: false, history: 'keep' });
};

const calls = [create, create, order, order, order, order, cancel, reset, reset, purge];

const TERMS = 40;

/** The job that ends expired orders. */
export async function endTerms(play: Play): Promise<void> {
  const { chance, turn } = play.scheduler;
  for (let i = 0; i < TERMS; i++) {
    for (let pause = chance.number(20); pause > 0; pause--) await turn();
    await attempt(play, () => play.smdp.call(endTerm, { iccid: chance.pick(play.iccids) }));
  }
}
