import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  account,
  allocated,
  available,
  confirmed,
  env,
  iccid,
  installed,
  linked,
  refused,
  released,
} from '../es2/orders.harness.ts';
import type { Store } from '../ports.ts';
import { run } from '../run.ts';
import type { Change, Saved } from '../state/change.ts';
import type { Profile } from '../state/profile.ts';
import { cancelProfile } from './cancelProfile.ts';

const request = { account, iccid, finalState: 'AVAILABLE' } as const;

test('an order is cancelled in each state in which nobody has downloaded, and a user is the cause', async () => {
  for (const profile of [allocated, linked, confirmed, released])
    for (const finalState of ['AVAILABLE', 'UNAVAILABLE'] as const) {
      const decision = await cancelProfile.decide(
        { ...request, finalState },
        { profile, content: undefined },
        env,
      );
      assert.ok('reply' in decision);
      assert.equal(decision.reply.state, finalState);
      assert.ok(!('order' in decision.reply));
      const [change, recorded] = decision.save;
      assert.ok(change !== undefined && 'profile' in change && change.profile === decision.reply);
      assert.ok(recorded !== undefined && 'event' in recorded);
      assert.deepEqual([recorded.event.type, recorded.event.actor.kind], ['profile.cancelled', 'user']);
    }
});

test('a profile without an order, one on a device and one of another account are refused', () => {
  const decide = (profile: Profile | undefined) => () =>
    cancelProfile.decide(request, { profile, content: undefined }, env);
  assert.equal(refused(decide(available)), '8.2.1/3.3');
  assert.equal(refused(decide(installed)), '8.2.1/3.3');
  assert.equal(refused(decide({ ...released, account: 'other' })), '8.2.1/3.9');
  assert.equal(refused(decide(undefined)), '8.2.1/3.9');
});

/** A store in which somebody else writes once, before the first save. */
function storeWhereOtherWritesFirst(before: Profile, after: Profile) {
  const saves: (readonly Change[])[] = [];
  let current = before;
  const save = async (changes: readonly Change[]): Promise<Saved> => {
    if (current === before) {
      current = after;
      return 'stale';
    }
    saves.push(changes);
    return 'saved';
  };
  return { saves, store: { profile: async () => current, save } as unknown as Store };
}

test('an order that somebody confirms in the meantime is cancelled as it is then', async () => {
  const { saves, store } = storeWhereOtherWritesFirst(linked, released);
  const profile = await run(cancelProfile, request, store, env);
  assert.equal(profile.state, 'AVAILABLE');
  const [recorded] = (saves[0] ?? []).flatMap((change) => ('event' in change ? [change.event] : []));
  assert.equal(recorded?.from, 'RELEASED');
});

test('an order that somebody downloads in the meantime is not cancelled', async () => {
  const { saves, store } = storeWhereOtherWritesFirst(released, installed);
  await assert.rejects(run(cancelProfile, request, store, env), {
    name: 'Refusal',
    message: /8\.2\.1\/3\.3/,
  });
  assert.deepEqual(saves, []);
});
