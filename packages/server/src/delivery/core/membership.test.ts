import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { type ProfileState, profileStates } from '@esim-rsp/smdp/state/profile';
import { coreTimes } from '../../store/ports/gateway/core-networks.ts';
import { actionOf, isInCore } from './membership.ts';

const event = (from: ProfileState | undefined, to: ProfileState, type = 'profile.updated') =>
  ({
    ...{ id: 1, type, iccid: parseIccid('8900101000000000017'), account: 'lab', at: 1 },
    ...{ actor: { kind: 'system' }, to, ...(from !== undefined && { from }) },
  }) as Parameters<typeof actionOf>[0];

test('a subscription is in the core network from the time that was chosen until its profile is retired', () => {
  const inside = (when: (typeof coreTimes)[number]) => profileStates.filter((state) => isInCore(state, when));
  const onDevice = ['RELEASED', 'DOWNLOADED', 'INSTALLED', 'ENABLED', 'DISABLED', 'DELETED', 'ERROR'];
  assert.deepEqual(inside('released'), onDevice);
  assert.deepEqual(inside('ordered'), ['ALLOCATED', 'LINKED', 'CONFIRMED', ...onDevice]);
  assert.deepEqual(
    inside('stocked'),
    profileStates.filter((state) => state !== 'UNAVAILABLE'),
  );
});

test('an event adds or removes a subscription, or leaves it', () => {
  assert.equal(actionOf(event(undefined, 'AVAILABLE', 'profile.created'), 'stocked'), 'add');
  assert.equal(actionOf(event(undefined, 'AVAILABLE', 'profile.created'), 'ordered'), undefined);
  assert.equal(actionOf(event('AVAILABLE', 'LINKED'), 'ordered'), 'add');
  assert.equal(actionOf(event('CONFIRMED', 'RELEASED'), 'ordered'), undefined);
  assert.equal(actionOf(event('CONFIRMED', 'RELEASED'), 'released'), 'add');
  assert.equal(actionOf(event('DOWNLOADED', 'RELEASED'), 'released'), undefined);
  assert.equal(actionOf(event('DISABLED', 'DELETED'), 'released'), undefined);
  assert.equal(actionOf(event('RELEASED', 'AVAILABLE'), 'released'), 'remove');
  assert.equal(actionOf(event('RELEASED', 'AVAILABLE'), 'stocked'), undefined);
  assert.equal(actionOf(event('UNAVAILABLE', 'AVAILABLE'), 'stocked'), 'add');
});

test('each way through the states leaves a subscription where its last state says', () => {
  for (const when of coreTimes)
    for (const from of profileStates)
      for (const to of profileStates) {
        const action = actionOf(event(from, to), when);
        const after = action === undefined ? isInCore(from, when) : action === 'add';
        assert.equal(after, isInCore(to, when), `${when}: ${from} to ${to}`);
      }
});

test('a profile that is deleted from the server takes its subscription with it', () => {
  assert.equal(actionOf(event('ENABLED', 'ENABLED', 'profile.purged'), 'released'), 'remove');
  assert.equal(actionOf(event('AVAILABLE', 'AVAILABLE', 'profile.purged'), 'stocked'), 'remove');
  assert.equal(actionOf(event('AVAILABLE', 'AVAILABLE', 'profile.purged'), 'released'), undefined);
});
