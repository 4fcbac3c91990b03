import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseEid } from '@esim-rsp/sgp22/value/eid';
import { parseMatchingId } from '@esim-rsp/sgp22/value/matching-id';
import { eid, env, released } from '../es9/download.testdata.ts';
import { endTerm } from '../order/endTerm.ts';
import { byDevice, type EventType } from './event.ts';
import type { ReuseType } from './order.ts';
import type { OnDevice } from './profile.ts';
import { leaveDevice } from './reuse.ts';
import { report } from './transitions.ts';

const { order } = released;
const NOW = Math.floor(env.now / 1000);

/** A Profile on its device, ordered with this policy. */
function installed(type: ReuseType, members: Partial<typeof order> = {}): OnDevice {
  const reusePolicy = { type, maxCount: 2, cooldownSeconds: 0 };
  const own = { ...order, reusePolicy, reusesLeft: 2, downloadAttemptsLeft: 1, ...members };
  return report({ ...released, order: own }, 'INSTALLED', { eid, seqNumber: 1 }, NOW) as OnDevice;
}

/** What becomes of it when it is deleted there. */
function deleted(profile: OnDevice) {
  const gone = report(profile, 'DELETED', { eid, seqNumber: 2 }, NOW) as OnDevice;
  const { after, save } = leaveDevice(profile, gone, byDevice(eid, env), env);
  const events = save.flatMap((change) => ('event' in change ? [change.event.type] : []));
  return { after, events: events as EventType[] };
}

test('each reuse type says who may download next, and under which MatchingID', () => {
  const expected: Record<
    ReuseType,
    readonly [eid: string | undefined, notEid: string | undefined, mid: string]
  > = {
    NEVER: [undefined, undefined, 'stays'],
    SAME_EID_MID: [eid, undefined, 'same'],
    SAME_EID: [eid, undefined, 'new'],
    SAME_MID: [undefined, undefined, 'same'],
    NEW_EID: [undefined, eid, 'same'],
    NEW_EID_MID: [undefined, undefined, 'new'],
  };
  for (const [type, [only, never, mid]] of Object.entries(expected)) {
    const { after, events } = deleted(installed(type as ReuseType));
    if (mid === 'stays') {
      assert.deepEqual([after.state, events], ['DELETED', ['profile.deleted']]);
      continue;
    }
    assert.ok(after.state === 'RELEASED');
    assert.deepEqual([after.order.eid, after.order.notEid], [only, never], type);
    assert.equal(after.order.matchingId === order.matchingId, mid === 'same', type);
    assert.deepEqual([after.order.reusesLeft, after.order.downloadAttemptsLeft], [1, 10]);
    assert.deepEqual([after.order.returnsAt, after.device, after.binding], [undefined, undefined, undefined]);
    assert.deepEqual(events, ['profile.deleted', 'profile.released']);
  }
});

test('an order for one EID is for any, or another one, where the type says so', () => {
  const linked = parseEid('89049032123451234512345678901235');
  const { after } = deleted(installed('SAME_MID', { eid: linked }));
  assert.equal(after.order.eid, undefined);
});

test('an order that nobody could find any more gets a MatchingID', () => {
  const empty = { matchingId: parseMatchingId(''), eid };
  assert.notEqual(deleted(installed('SAME_MID', empty)).after.order.matchingId, '');
  assert.equal(deleted(installed('SAME_EID_MID', empty)).after.order.matchingId, '');
});

test('the last return used up, it stays DELETED, and an event says so', () => {
  const { after, events } = deleted(installed('SAME_MID', { reusesLeft: 0 }));
  assert.deepEqual([after.state, events], ['DELETED', ['profile.deleted', 'profile.reuse_exhausted']]);
});

test('a profile with a cool-down waits, and returns by itself when it is over', async () => {
  const reusePolicy = { type: 'SAME_MID', maxCount: 2, cooldownSeconds: 60 } as const;
  const { after, events } = deleted(installed('SAME_MID', { reusePolicy }));
  assert.deepEqual([after.state, after.order.returnsAt, after.order.reusesLeft], ['DELETED', NOW + 60, 2]);
  assert.deepEqual(events, ['profile.deleted']);
  const at = (seconds: number) =>
    endTerm.decide(
      { iccid: after.iccid },
      { profile: after, content: undefined },
      { ...env, now: (NOW + seconds) * 1000 },
    ).save;
  assert.deepEqual(at(59), []);
  const [change, event] = at(60);
  assert.ok(change !== undefined && 'profile' in change && event !== undefined && 'event' in event);
  assert.deepEqual([change.profile.state, event.event.actor.kind], ['RELEASED', 'system']);
});
