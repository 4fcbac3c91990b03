import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { downloaded, eid, env, released } from '../es9/download.testdata.ts';
import type { Order, ReusePolicy } from '../state/order.ts';
import { type OnDevice, orderOf, type Profile } from '../state/profile.ts';
import { withReusePolicy } from '../state/reuse.ts';
import { fail, report } from '../state/transitions.ts';
import { endTerm } from './endTerm.ts';
import { type ReReleaseRequest, reReleaseProfile } from './lifecycle.ts';
import { updateProfile } from './updateProfile.ts';

const NOW = Math.floor(env.now / 1000);
const request = { account: released.account, iccid: released.iccid };
const once: ReusePolicy = { type: 'SAME_MID', maxCount: 1, cooldownSeconds: 0 };

function reRelease(profile: Profile, more: Pick<ReReleaseRequest, 'expiresAt'> = {}): Profile {
  const decision = reReleaseProfile.decide({ ...request, ...more }, { profile, content: undefined }, env);
  assert.ok('reply' in decision);
  return decision.reply;
}

function update(profile: Profile, reusePolicy: ReusePolicy): Profile {
  const change = { ...request, order: { reusePolicy }, metadata: {} };
  const decision = updateProfile.decide(change, profile, env);
  assert.ok('reply' in decision);
  return decision.reply;
}

const expired = fail(
  { ...released, order: { ...released.order, expiresAt: NOW - 5 } },
  { subjectCode: '8.8.5', reasonCode: '4.10', message: 'expired' },
  NOW - 4,
);

function installed(order: Partial<Order> = {}): OnDevice {
  const profile = { ...downloaded, order: { ...downloaded.order, ...order } };
  return report(profile, 'INSTALLED', { eid, seqNumber: 1 }, NOW) as OnDevice;
}

/** What the job makes of a profile that much later. */
function later(profile: Profile, seconds: number): Profile {
  const at = { ...env, now: env.now + seconds * 1000 };
  const decision = endTerm.decide({ iccid: profile.iccid }, { profile, content: undefined }, at);
  return decision.save.flatMap((change) => ('profile' in change ? [change.profile] : []))[0] ?? profile;
}

test('an order that has expired is not released again without a new expiry, and the refusal says how', () => {
  assert.throws(
    () => reRelease(expired),
    /expired, or expires before .* with a later expires_at, or with null/,
  );
  assert.throws(() => reRelease(expired, { expiresAt: NOW - 1 }), /has passed already/);
});

test('with a new expiry it is RELEASED, and stays so until then', () => {
  const again = reRelease(expired, { expiresAt: NOW + 60 });
  assert.deepEqual([again.state, orderOf(again)?.expiresAt], ['RELEASED', NOW + 60]);
  assert.equal(later(again, 59).state, 'RELEASED');
  assert.equal(later(again, 60).state, 'ERROR');
  const never = reRelease(expired, { expiresAt: null });
  assert.deepEqual([never.state, orderOf(never)?.expiresAt], ['RELEASED', undefined]);
});

test('whatever the order and its expiry, a released profile is still released a second later, or it was refused', () => {
  const expiry = fc.option(fc.integer({ min: NOW - 100, max: NOW + 100 }), { nil: undefined });
  const policy = { reusePolicy: { ...once, cooldownSeconds: 30 }, reusesLeft: 1 };
  fc.assert(
    fc.property(expiry, expiry, fc.constantFrom('ERROR', 'DOWNLOADED', 'INSTALLED'), (had, next, state) => {
      const order = { ...released.order, ...policy, ...(had !== undefined && { expiresAt: had }) };
      const profiles = { ERROR: { ...expired, order }, DOWNLOADED: { ...downloaded, order } };
      const profile = state === 'INSTALLED' ? installed(order) : profiles[state as 'ERROR' | 'DOWNLOADED'];
      const soonest = NOW + (state === 'INSTALLED' ? 30 : 0);
      const isFree = (next ?? had ?? Number.POSITIVE_INFINITY) > soonest;
      const attempt = () => reRelease(profile, next === undefined ? {} : { expiresAt: next });
      if (!isFree) return void assert.throws(attempt);
      const after = attempt();
      const returned = state === 'INSTALLED' ? later(after, 30) : after;
      assert.equal(returned.state, 'RELEASED');
      assert.equal(later(returned, 0).state, 'RELEASED');
    }),
  );
});

test('a profile whose order expired on its device stays DELETED instead of coming back for a second', () => {
  const order = { reusePolicy: { ...once, cooldownSeconds: 60 }, reusesLeft: 1, expiresAt: NOW + 30 };
  assert.throws(() => reRelease(installed(order)), /expires before the profile can be downloaded again/);
  const waiting = reRelease(installed({ ...order, expiresAt: NOW + 100 }));
  assert.equal(waiting.state, 'DELETED');
  const longer = update(waiting, { ...once, cooldownSeconds: 200 });
  const due = later(longer, 200);
  assert.deepEqual([due.state, orderOf(due)?.returnsAt], ['DELETED', undefined]);
  assert.equal(reRelease(waiting, { expiresAt: NOW + 500 }).state, 'DELETED');
  assert.throws(() => reRelease(waiting, { expiresAt: NOW + 60 }), /expires before/);
});

test('a refusal of a re-release for the reuse policy does not list re-release', () => {
  assert.throws(() => reRelease(installed()), /update the policy first.*INSTALLED, which allows: retire$/);
});

test('the reuse policy can be set when the profile is on its device already', () => {
  const changed = update(installed(), once);
  assert.deepEqual(orderOf(changed)?.reusePolicy, once);
  assert.equal(reRelease(changed).state, 'RELEASED');
  const other = { ...request, order: { downloadAttempts: 3, reusePolicy: once }, metadata: {} };
  assert.throws(() => updateProfile.decide(other, installed(), env), /after that only its reuse policy/);
});

test('a policy that is set later counts the returns so far, through NEVER as well', () => {
  const used = fc.integer({ min: 0, max: 5 });
  const types = fc.constantFrom('NEVER', 'SAME_EID', 'SAME_MID' as const);
  fc.assert(
    fc.property(used, fc.array(fc.tuple(types, fc.nat(9)), { minLength: 1 }), (count, steps) => {
      let order: Order = { ...released.order, reusePolicy: { ...once, maxCount: 5 }, reusesLeft: 5 - count };
      for (const [type, maxCount] of steps) {
        order = withReusePolicy(order, { type, maxCount, cooldownSeconds: 0 } as ReusePolicy);
        assert.equal(order.reusePolicy.maxCount - order.reusesLeft, count);
        assert.equal(order.reusesLeft, Math.max(0, maxCount - count));
      }
    }),
  );
});

test('a policy that allows no return ends the cool-down that has begun', () => {
  const waiting = reRelease(installed({ reusePolicy: { ...once, cooldownSeconds: 60 }, reusesLeft: 1 }));
  const ended = update(waiting, { type: 'NEVER', maxCount: 0, cooldownSeconds: 0 });
  assert.equal(orderOf(ended)?.returnsAt, undefined);
  assert.equal(later(ended, 100).state, 'DELETED');
});
