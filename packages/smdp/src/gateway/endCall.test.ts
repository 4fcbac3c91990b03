import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Refusal } from '@esim-rsp/sgp22/status';
import type { Decision } from '../run.ts';
import { NEVER } from '../state/gateway/operation.ts';
import type { CallOutcome } from '../state/gateway/outcome.ts';
import type { Profile } from '../state/profile.ts';
import {
  cancelAnywhere,
  confirmAnywhere,
  orderAnywhere,
  orderOfTypeAnywhere,
  releaseAnywhere,
  reReleaseAnywhere,
} from './anywhere.ts';
import { endCall } from './endCall.ts';
import type { Requested } from './new-operation.ts';
import { replaceAnywhere } from './replaceAnywhere.ts';
import { settleOperation } from './settleOperation.ts';
import {
  account,
  clock,
  confirmed,
  done,
  down,
  eid,
  envOf as env,
  iccid,
  inStock,
  lost,
  NOW,
  orderIn,
  refusal,
  rulesOf,
  World,
} from './testing/world.harness.ts';

const rules = rulesOf();

async function ordering(terms: object = {}, profile: Profile = inStock): Promise<World> {
  clock.now = NOW;
  const world = new World(profile);
  const found = { found: profile, rules };
  world.accept(await orderAnywhere.decide({ account, iccid, release: true, ...terms }, found, env()));
  return world;
}

async function released(terms: object = {}): Promise<World> {
  const world = await ordering(terms);
  world.claim();
  await world.end(done);
  await world.end(confirmed());
  assert.equal(world.operation?.state, 'done');
  return world;
}

const stateOf = ({ profile }: { readonly profile: Profile }) => profile.state;

const refusesWith = (pattern: RegExp) => (error: unknown) =>
  error instanceof Refusal && pattern.test(error.message);

test('a request changes no state: it is saved, and the profile knows it', async () => {
  const { profile, operation, events } = await ordering({ eid, confirmationCode: '1234' });
  assert.equal(profile.state, 'AVAILABLE');
  assert.equal(profile.operation, operation?.id);
  assert.deepEqual(operation?.calls, ['downloadOrder', 'confirmOrder']);
  assert.deepEqual(operation?.terms, { eid, confirmationCode: '1234', release: true });
  assert.match(operation?.id ?? '', /^op_[0-9a-f]{32}$/);
  assert.deepEqual(events, []);
});

test('an order is done when its last call is: each call moves the profile, and the codes of the upstream are kept', async () => {
  const world = await ordering({ eid });
  world.claim();
  const next = await world.end(done);
  assert.deepEqual([next.state, next.step, next.attempts], ['sent', 1, 1]);
  assert.equal(world.profile.state, 'LINKED');
  assert.equal(world.profile.operation, next.id);
  const end = await world.end(confirmed());
  assert.deepEqual([end.state, end.endedAt, end.terms, end.lease], ['done', NOW, undefined, undefined]);
  const order = orderIn(world);
  assert.deepEqual(
    [order.matchingId, order.smdpAddress, order.eid],
    ['aZ-theirs', 'rsp.vendor.example.com', eid],
  );
  assert.deepEqual(world.events, ['profile.ordered', 'profile.released', 'operation.done']);
});

test('a profile has one operation at a time', async () => {
  const { profile } = await ordering();
  const again = () =>
    orderAnywhere.decide({ account, iccid, release: true }, { found: profile, rules }, env());
  await assert.rejects(async () => again(), refusesWith(/has not ended/));
});

test('what ES2+ cannot express is refused, and so is what the built-in SM-DP+ refuses', async () => {
  const reusePolicy = { type: 'SAME_EID', maxCount: 1, cooldownSeconds: 0 };
  await assert.rejects(ordering({ reusable: true }), refusesWith(/order a profile for each/));
  await assert.rejects(ordering({ reusePolicy }), refusesWith(/set takes_back to always/));
  await assert.rejects(ordering({ matchingId: '' }), refusesWith(/needs one/));
  await assert.rejects(ordering({}, { ...inStock, state: 'UNAVAILABLE' }), refusesWith(/AVAILABLE/));
});

test('a refusal ends the operation with the codes of the upstream, and the profile stays as it is', async () => {
  const world = await ordering();
  world.claim();
  const end = await world.end(refusal('8.2.5', '9.9'));
  assert.equal(end.state, 'refused');
  assert.deepEqual(end.fault, { subjectCode: '8.2.5', reasonCode: '9.9', message: 'no' });
  assert.deepEqual([world.profile.state, world.profile.operation], ['AVAILABLE', undefined]);
  assert.deepEqual(world.events, ['operation.refused']);
});

test('what an upstream refuses to order is behind the others in stock: it stops no orders of its type', async () => {
  const world = await ordering();
  assert.equal(world.profile.changedAt, inStock.changedAt);
  world.claim();
  clock.now += 60_000;
  await world.end(refusal('8.2.1', '3.9'));
  assert.deepEqual([world.profile.state, world.profile.changedAt], ['AVAILABLE', clock.now / 1000]);
});

test('a call that was not sent is tried again, later each time, and for a day', async () => {
  const world = await ordering();
  const delays = [];
  for (let i = 0; i < 9; i++) {
    world.claim();
    const { state, nextAttemptAt } = await world.end(down);
    assert.equal(state, 'waiting');
    delays.push((nextAttemptAt - clock.now) / 1000);
  }
  assert.deepEqual(delays, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
  clock.now += 90_000_000;
  world.claim();
  assert.equal((await world.end(down)).state, 'refused');
  assert.deepEqual(world.events, ['operation.refused']);
});

test('the upstream may ask for a longer pause', async () => {
  const world = await ordering();
  world.claim();
  const { nextAttemptAt } = await world.end({ ...down, retryAfter: 90 } as CallOutcome);
  assert.equal(nextAttemptAt, NOW + 90_000);
});

test('an unknown outcome is reported once, and settled by the same call', async () => {
  const world = await ordering();
  world.claim();
  for (let i = 0; i < 3; i++) {
    const { state, lease } = await world.end(lost);
    assert.deepEqual([state, lease], ['unknown', undefined]);
    world.claim();
  }
  assert.deepEqual(world.events, ['operation.unknown']);
  const next = await world.end(done);
  assert.equal(next.state, 'sent');
  assert.deepEqual(world.events, ['operation.unknown', 'profile.ordered']);
});

test('"already in that state" is a success of a repeated call, and a refusal of the first one', async () => {
  const first = await ordering();
  first.claim();
  assert.equal((await first.end(refusal('8.2.1', '3.3'))).state, 'refused');
  const world = await ordering({ matchingId: 'OURS' });
  world.claim();
  await world.end(lost);
  world.claim();
  await world.end(refusal('8.2.1', '3.3'));
  assert.equal(world.profile.state, 'ALLOCATED');
  await world.end(lost);
  world.claim();
  await world.end(refusal('8.2.1', '3.3'));
  assert.deepEqual(
    [orderIn(world).matchingId, orderIn(world).smdpAddress],
    ['OURS', 'usual.vendor.example.com'],
  );
});

test('a confirmation whose MatchingID got lost waits for an admin', async () => {
  const world = await ordering();
  world.claim();
  await world.end(done);
  await world.end(lost);
  world.claim();
  const unknown = await world.end(refusal('8.2.1', '3.3'));
  assert.deepEqual([unknown.state, unknown.nextAttemptAt], ['unknown', NEVER]);
  const request = { id: unknown.id, outcome: 'done', answer: {} } as const;
  const settle = (answer: object) => settleOperation.decide({ ...request, answer }, world.found(), env());
  await assert.rejects(async () => settle({}), refusesWith(/send the MatchingID/));
  world.save((await settle({ matchingId: 'from-portal' })).save);
  assert.equal(orderIn(world).matchingId, 'from-portal');
  assert.equal(world.operation?.state, 'done');
});

test('an admin settles what is unknown: not done, or done, and then the next call follows', async () => {
  const settled = async (outcome: 'done' | 'not_done') => {
    const world = await ordering();
    world.claim();
    await world.end(lost);
    const { operation } = world;
    const request = { id: operation?.id ?? ('' as never), outcome, answer: {} };
    world.save((await settleOperation.decide(request, world.found(), env())).save);
    return [world.operation?.state, world.operation?.step, world.profile.state];
  };
  assert.deepEqual(await settled('not_done'), ['refused', 0, 'AVAILABLE']);
  assert.deepEqual(await settled('done'), ['waiting', 1, 'ALLOCATED']);
});

test('a call in progress, and an operation that has ended, are not settled', async () => {
  const world = await ordering();
  world.claim();
  const settle = () =>
    settleOperation.decide(
      { id: world.operation?.id ?? ('' as never), outcome: 'done', answer: {} },
      world.found(),
      env(),
    );
  await assert.rejects(async () => settle(), refusesWith(/in progress/));
  await world.end(lost);
  world.claim();
  assert.equal(world.operation?.state, 'unknown');
  await assert.rejects(async () => settle(), refusesWith(/in progress/));
  await world.end(refusal('8.2.1', '3.9'));
  await assert.rejects(async () => settle(), refusesWith(/has ended/));
});

test('an answer about another profile changes none', async () => {
  const world = await ordering();
  world.claim();
  const answer = { iccid: '8988201000000000099' };
  assert.equal((await world.end({ kind: 'executed', answer })).state, 'unknown');
  assert.equal(world.profile.state, 'AVAILABLE');
  const padded = await ordering();
  padded.claim();
  await padded.end({ kind: 'executed', answer: { iccid: `${iccid}f` } });
  assert.equal(padded.profile.state, 'ALLOCATED');
});

test('an outcome of a call that somebody else repeats is ignored', async () => {
  const world = await ordering();
  const { operation } = world;
  const upstream = { repeatsAnswers: true, smdpAddress: 'x' };
  const request = { id: operation?.id ?? ('' as never), version: 99, outcome: done, upstream };
  const decision = await endCall.decide(request, world.found(), env());
  assert.deepEqual(decision.save, []);
});

test('confirm, release, cancel, re-release and replace are the calls of ES2+ that they need', async () => {
  const plans: unknown[] = [];
  const accepted = async (world: World, decide: (profile: Profile) => unknown) => {
    world.accept((await decide(world.profile)) as Decision<Requested>);
    plans.push([world.operation?.kind, ...(world.operation?.calls ?? [])]);
    return world;
  };
  const reserved = new World({ ...inStock, state: 'ALLOCATED' });
  await accepted(reserved, (profile) =>
    confirmAnywhere.decide(
      { account, iccid, releaseFlag: false },
      { found: { profile, holder: undefined }, rules },
      env(),
    ),
  );
  reserved.claim();
  await reserved.end(confirmed());
  assert.equal(stateOf(reserved), 'CONFIRMED');
  await accepted(reserved, (profile) =>
    releaseAnywhere.decide({ account, iccid }, { found: profile, rules }, env()),
  );
  reserved.claim();
  await reserved.end(done);
  assert.equal(stateOf(reserved), 'RELEASED');
  const content = undefined;
  await accepted(reserved, (profile) =>
    cancelAnywhere.decide(
      { account, iccid, finalState: 'UNAVAILABLE' },
      { found: { profile, content }, rules },
      env(),
    ),
  );
  reserved.claim();
  await reserved.end(done);
  assert.equal(stateOf(reserved), 'UNAVAILABLE');
  const { profile } = await released({ eid });
  const failed = {
    ...profile,
    state: 'ERROR',
    reason: { subjectCode: '8', reasonCode: '4.2', message: 'x' },
  } as Profile;
  const again = await accepted(new World(failed), (profile) =>
    reReleaseAnywhere.decide({ account, iccid }, { found: { profile, content }, rules }, env()),
  );
  const follows = { iccid, order: '0707070707070707' };
  assert.deepEqual(again.operation?.terms, { eid, matchingId: 'aZ-theirs', release: true, follows });
  const replaced = await accepted(await released(), (profile) =>
    replaceAnywhere.decide(
      { account, iccid, by: 'same', confirmationCode: '1' },
      { profile, rules, content, stock: undefined },
      env(),
    ),
  );
  replaced.claim();
  for (const outcome of [done, done, confirmed('new')]) await replaced.end(outcome);
  assert.equal(orderIn(replaced).matchingId, 'new');
  const order = ['downloadOrder', 'confirmOrder'];
  assert.deepEqual(plans, [
    ['confirm', 'confirmOrder'],
    ['release', 'releaseProfile'],
    ['cancel', 'cancelOrder'],
    ['re_release', 'cancelOrder', ...order],
    ['replace', 'cancelOrder', ...order],
  ]);
});

test('an order with a confirmation code cannot be released again: the code is not kept', async () => {
  const { profile } = await released({ confirmationCode: '1234' });
  const failed = { ...profile, state: 'ERROR', reason: undefined } as unknown as Profile;
  const found = { found: { profile: failed, content: undefined }, rules };
  await assert.rejects(
    async () => reReleaseAnywhere.decide({ account, iccid }, found, env()),
    refusesWith(/replace the order/),
  );
});

test('an order of a type takes the oldest, also if an upstream has it', async () => {
  const request = { account, profileType: 'basic', release: true, confirm: true };
  const stock = {
    stock: [{ ...inStock, profileType: 'basic' }],
    typeKnown: true,
    rules: new Map([['vendor', rules]]),
  };
  const decision = await orderOfTypeAnywhere.decide(request, stock, env());
  assert.ok('reply' in decision);
  assert.deepEqual([decision.reply.operation?.iccid, decision.reply.profile?.state], [iccid, 'AVAILABLE']);
});
