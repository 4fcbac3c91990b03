import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { Refusal } from '@esim-rsp/sgp22/status';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import type { OrderTerms } from '../order/order-terms.ts';
import type { UpstreamRules } from '../state/gateway/upstream-rules.ts';
import type { ReusePolicy } from '../state/order.ts';
import type { Profile } from '../state/profile.ts';
import { orderAnywhere, reReleaseAnywhere, updateAnywhere } from './anywhere.ts';
import { capabilitiesOf, upstreamCapabilities } from './capabilities.ts';
import { recordProgress } from './recordProgress.ts';
import { replaceAnywhere } from './replaceAnywhere.ts';
import {
  account,
  clock,
  confirmed,
  done,
  eid,
  envOf,
  iccid,
  inStock,
  NOW,
  orderIn,
  other,
  refusal,
  rulesOf,
  World,
} from './testing/world.harness.ts';

/** What an order has that ES2+ does not know (expiry, reuse policy), and profiles that take the place of others. */

beforeEach(() => {
  clock.now = NOW;
});

const IN_A_MINUTE = NOW / 1000 + 60;
const refusesWith = (pattern: RegExp) => (error: unknown) =>
  error instanceof Refusal && pattern.test(error.message);

async function released(terms: OrderTerms = {}, rules = rulesOf('always'), ...others: Profile[]) {
  const world = new World({ ...inStock, profileType: 'travel' }, ...others);
  const request = { account, iccid, release: true, ...terms };
  world.accept(await orderAnywhere.decide(request, { found: world.profile, rules }, envOf()));
  await make(world, done, confirmed());
  world.events.length = 0;
  return world;
}

async function make(world: World, ...outcomes: Parameters<World['end']>[0][]) {
  world.claim();
  for (const outcome of outcomes) await world.end(outcome);
}

test('an order that expires is cancelled at the upstream, and is then what it would be here', async () => {
  const world = await released({ expiresAt: IN_A_MINUTE });
  await world.endTerm();
  assert.equal(world.profile.operation, undefined, 'its time has not come');
  clock.now += 61_000;
  await world.endTerm();
  const { operation } = world;
  assert.deepEqual(
    [operation?.kind, operation?.calls, operation?.caller],
    ['expire', ['cancelOrder'], undefined],
  );
  assert.equal(world.profile.state, 'RELEASED');
  await world.endTerm();
  assert.equal(world.operation?.id, operation?.id, 'it is requested once');
  await make(world, done);
  const { profile } = world;
  assert.deepEqual([profile.state, profile.operation], ['ERROR', undefined]);
  assert.ok('reason' in profile && profile.reason?.reasonCode === '4.10');
  assert.deepEqual(world.events, ['profile.expired', 'operation.done']);
});

test('an expired order is released again without a cancellation, because the upstream has none', async () => {
  const world = await released({ expiresAt: IN_A_MINUTE });
  clock.now += 61_000;
  await world.endTerm();
  await make(world, done);
  const again = (expiresAt?: number) =>
    reReleaseAnywhere.decide(
      { account, iccid, ...(expiresAt !== undefined && { expiresAt }) },
      { found: { profile: world.profile, content: undefined }, rules: rulesOf('always') },
      envOf(),
    );
  await assert.rejects(async () => again(), refusesWith(/with a later expires_at/));
  world.accept(await again(IN_A_MINUTE + 600));
  assert.deepEqual(world.operation?.calls, ['downloadOrder', 'confirmOrder']);
  await make(world, done, confirmed('again'));
  assert.deepEqual([orderIn(world).matchingId, orderIn(world).isCancelledThere], ['again', undefined]);
});

test('an upstream that refuses to cancel an expired order keeps it: it has no expiry, and is asked once', async () => {
  const world = await released({ expiresAt: IN_A_MINUTE });
  clock.now += 61_000;
  await world.endTerm();
  await make(world, refusal('8.2.1', '3.3'));
  assert.equal(orderIn(world).expiresAt, undefined);
  assert.deepEqual(world.events, ['operation.refused']);
  await world.endTerm();
  assert.equal(world.profile.operation, undefined);
});

test('an upstream that takes nothing back any more lets the order live on, and an event says why', async () => {
  for (const rules of [rulesOf('never'), undefined]) {
    clock.now = NOW;
    const world = await released({ expiresAt: IN_A_MINUTE });
    clock.now += 61_000;
    if (rules === undefined) await endTermWithoutUpstream(world);
    else await world.endTerm(rules);
    assert.equal(orderIn(world).expiresAt, undefined);
    assert.deepEqual(world.events, ['profile.updated']);
  }
});

async function endTermWithoutUpstream(world: World): Promise<void> {
  const { endTermAnywhere } = await import('./endTermAnywhere.ts');
  const found = { found: { profile: world.profile, content: undefined }, rules: undefined };
  world.save((await endTermAnywhere.decide({ iccid }, found, envOf('system'))).save);
}

const policy = (type: ReusePolicy['type'], cooldownSeconds = 0): ReusePolicy => ({
  type,
  maxCount: 2,
  cooldownSeconds,
});

async function deletedFromDevice(world: World): Promise<void> {
  for (const [point, meaning] of [
    [4, 'installed'],
    [5, 'deleted'],
  ] as const) {
    const report = { account, upstream: 'vendor', iccid, eid, point, meaning, at: clock.now / 1000 };
    world.save((await recordProgress.decide(report, world.profile, envOf('system'))).save);
  }
}

test('a profile that has left its device is ordered anew as its reuse policy says', async () => {
  const orders: unknown[] = [];
  for (const type of ['SAME_EID_MID', 'SAME_EID', 'SAME_MID', 'NEW_EID_MID'] as const) {
    const world = await released({ reusePolicy: policy(type) });
    await deletedFromDevice(world);
    assert.equal(world.profile.state, 'DELETED', 'until the upstream has taken back the order');
    await world.endTerm();
    const { terms, calls } = world.operation ?? {};
    assert.deepEqual(calls, ['cancelOrder', 'downloadOrder', 'confirmOrder']);
    orders.push([type, terms?.eid, terms?.matchingId]);
    await make(world, done, done, confirmed('next'));
    assert.deepEqual([orderIn(world).reusesLeft, orderIn(world).reusePolicy.type], [1, type]);
    assert.equal(world.links.length, 1, 'the link of the customer leads to the new order');
  }
  assert.deepEqual(orders, [
    ['SAME_EID_MID', eid, 'aZ-theirs'],
    ['SAME_EID', eid, undefined],
    ['SAME_MID', undefined, 'aZ-theirs'],
    ['NEW_EID_MID', undefined, undefined],
  ]);
});

test('a cool-down passes first, and a refused return is not tried again', async () => {
  const world = await released({ reusePolicy: policy('SAME_MID', 3600) });
  await deletedFromDevice(world);
  await world.endTerm();
  assert.equal(world.profile.operation, undefined);
  clock.now += 3_601_000;
  await world.endTerm();
  assert.equal(world.operation?.kind, 're_release');
  await make(world, refusal('8.2.1', '3.3'));
  assert.deepEqual([world.profile.state, world.profile.operation], ['DELETED', undefined]);
  await world.endTerm();
  assert.equal(world.profile.operation, undefined);
});

test('a re-release of a profile on a device returns it as its policy says, and is refused without one', async () => {
  const again = (world: World, rules: UpstreamRules) =>
    reReleaseAnywhere.decide(
      { account, iccid },
      { found: { profile: world.profile, content: undefined }, rules },
      envOf(),
    );
  const world = await released({ reusePolicy: policy('SAME_MID') });
  await deletedFromDevice(world);
  world.accept(await again(world, rulesOf('always')));
  await world.endTerm();
  assert.equal(world.operation?.kind, 're_release');
  const without = await released();
  await deletedFromDevice(without);
  await assert.rejects(
    async () => again(without, rulesOf('always')),
    refusesWith(/allows no further download/),
  );
});

test('the terms of an order that the upstream cannot keep are refused, with what to do', async () => {
  const refused: [OrderTerms, UpstreamRules, RegExp][] = [
    [{ expiresAt: IN_A_MINUTE }, rulesOf('never'), /set takes_back/],
    [{ reusePolicy: policy('SAME_MID') }, rulesOf(), /set takes_back to always/],
    [{ reusePolicy: policy('NEW_EID') }, rulesOf('always'), /choose NEW_EID_MID/],
    [{ reusePolicy: policy('SAME_MID'), confirmationCode: '1' }, rulesOf('always'), /is not kept/],
    [{ reusable: true }, rulesOf('always'), /order a profile for each/],
  ];
  for (const [terms, rules, words] of refused)
    await assert.rejects(released(terms, rules), refusesWith(words));
});

test('expiry and reuse policy of an order can change, and what the upstream has of it cannot', async () => {
  const world = await released();
  const change = (order: object, rules = rulesOf('always')) =>
    updateAnywhere.decide({ account, iccid, order, metadata: {} }, { found: world.profile, rules }, envOf());
  world.accept(await change({ expiresAt: IN_A_MINUTE, reusePolicy: policy('SAME_EID') }));
  const { expiresAt, reusePolicy } = orderIn(world);
  assert.deepEqual([expiresAt, reusePolicy.type], [IN_A_MINUTE, 'SAME_EID']);
  await assert.rejects(async () => change({ confirmationCode: '1' }), refusesWith(/replace the order/));
  await assert.rejects(async () => change({ downloadAttempts: 1 }), refusesWith(/replace the order/));
  await assert.rejects(
    async () => change({ expiresAt: IN_A_MINUTE }, rulesOf('never')),
    refusesWith(/takes_back/),
  );
  world.accept(await change({ expiresAt: null }, rulesOf('never')));
  assert.equal(orderIn(world).expiresAt, undefined);
});

const another: Profile = { ...inStock, iccid: other, profileType: 'travel' };

function replaceBy(
  world: World,
  stock: readonly Profile[],
  { rules = rulesOf(), ...terms }: OrderTerms & { readonly rules?: UpstreamRules } = {},
) {
  const found = {
    profile: world.profile,
    rules,
    content: undefined,
    stock: { stock, typeKnown: true, rules: new Map([['vendor', rules]]) },
  };
  return replaceAnywhere.decide({ account, iccid, by: 'another', ...terms }, found, envOf());
}

const states = (world: World, ...ids: Iccid[]) => ids.map((id) => world.of(id).state);

test('another profile is ordered first; then the one that it replaces is cancelled at its upstream', async () => {
  const world = await released({}, rulesOf(), another);
  world.accept(await replaceBy(world, [another]));
  assert.deepEqual([world.operation?.kind, world.operation?.iccid], ['replace', other]);
  assert.equal(world.of(iccid).operation, world.of(other).operation, 'both wait');
  await make(world, done, confirmed('new'));
  assert.deepEqual(states(world, other, iccid), ['RELEASED', 'RELEASED']);
  const { kind, iccid: cancelled, terms } = world.operation ?? {};
  assert.deepEqual([kind, cancelled, terms?.finalState], ['cancel', iccid, 'UNAVAILABLE']);
  assert.deepEqual(
    world.links.map((link) => 'to' in link && link.to.iccid),
    [other],
  );
  await make(world, done);
  assert.deepEqual(states(world, other, iccid), ['RELEASED', 'UNAVAILABLE']);
  assert.equal(world.of(iccid).operation, undefined);
});

test('one that is kept ready takes the place of another one at once, with the expiry of the new order', async () => {
  const ready = { ...another, ready: { matchingId: 'aZ-ready' as never, releasedAt: 1 } } as Profile;
  const world = await released({}, rulesOf(), ready);
  world.accept(await replaceBy(world, [ready], { expiresAt: IN_A_MINUTE }));
  const next = world.of(other);
  assert.ok(next.state === 'RELEASED' && next.operation === undefined);
  assert.deepEqual([next.order.matchingId, next.order.expiresAt], ['aZ-ready', IN_A_MINUTE]);
  assert.deepEqual([world.operation?.kind, world.operation?.iccid], ['cancel', iccid]);
  const strict = { rules: rulesOf(), reusePolicy: policy('SAME_MID') };
  const again = await released({}, rulesOf(), ready);
  await assert.rejects(async () => replaceBy(again, [ready], strict), refusesWith(/takes_back to always/));
});

test('a refused order of another profile leaves the first one as it was', async () => {
  const world = await released({}, rulesOf(), another);
  world.accept(await replaceBy(world, [another]));
  await make(world, refusal('8.2.1', '3.9'));
  assert.deepEqual(states(world, iccid, other), ['RELEASED', 'AVAILABLE']);
  assert.deepEqual([world.of(iccid).operation, world.of(other).operation], [undefined, undefined]);
});

test('a profile on a device is retired when another one takes its place: the upstream has nothing to cancel', async () => {
  const world = await released({}, rulesOf(), another);
  const report = { account, upstream: 'vendor', iccid, eid, point: 4, meaning: 'installed', at: 1 } as const;
  world.save((await recordProgress.decide(report, world.profile, envOf('system'))).save);
  world.accept(await replaceBy(world, [another]));
  await make(world, done, confirmed('new'));
  assert.deepEqual(states(world, other, iccid), ['RELEASED', 'UNAVAILABLE']);
});

test('profiles here and at upstreams can take the place of each other', async () => {
  const { upstream: _upstream, ...own } = another;
  const there = await released({}, rulesOf(), own as Profile);
  there.accept(await replaceBy(there, [own as Profile]));
  assert.deepEqual(states(there, other, iccid), ['RELEASED', 'RELEASED']);
  assert.equal(there.operation?.kind, 'cancel');
  await make(there, done);
  assert.deepEqual(states(there, other, iccid), ['RELEASED', 'UNAVAILABLE']);

  const { profile } = await released();
  const { upstream: _there, ...here } = profile;
  const world = new World(here as Profile, another);
  world.accept(await replaceBy(world, [another]));
  await make(world, done, confirmed('new'));
  assert.deepEqual(states(world, other, iccid), ['RELEASED', 'UNAVAILABLE']);
});

test('each capability follows from the settings, and one that is missing has a reason', () => {
  const missing = (rules: UpstreamRules) =>
    capabilitiesOf(rules).flatMap(({ name, isSupported, text }) => {
      assert.ok(isSupported || text !== undefined, name);
      return isSupported ? [] : name;
    });
  const never = ['reuse_by_another_eid', 'reusable_orders', 'change_order'];
  assert.deepEqual(missing({ ...rulesOf('always'), callback: 'pem' }), [...never, 'secrets']);
  assert.deepEqual(missing(rulesOf()), ['reuse', ...never, 'progress_reports', 'secrets']);
  assert.deepEqual(
    missing({ ...rulesOf('never'), dialect: { ...rulesOf('never').dialect, repeatsAnswers: false } }),
    upstreamCapabilities.filter((name) => !['order', 'confirm', 'release', 'export', 'purge'].includes(name)),
  );
});
