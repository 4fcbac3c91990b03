import assert from 'node:assert/strict';
import { test } from 'node:test';
import { completeEid } from '@esim-rsp/sgp22/value/eid';
import { downloaded, eid } from '../es9/download.testdata.ts';
import { devicesAfterLeaving, earlierDevice, withEarlierDevice } from './earlier-devices.ts';
import type { OnDevice } from './profile.ts';

const eidOf = (number: number) => completeEid(`89049032${String(number).padStart(22, '0')}`);
const { binding: _, ...known } = downloaded;
const enabled: OnDevice = {
  ...known,
  state: 'ENABLED',
  device: { eid, lastSeqNumber: 7, lastNotificationAt: 0 },
};

test('the eUICC that loses a profile is remembered with its last number, and whether it reported the deletion', () => {
  assert.deepEqual(devicesAfterLeaving(enabled), [{ eid, lastSeqNumber: 7, isDeleted: false }]);
  assert.deepEqual(devicesAfterLeaving({ ...enabled, state: 'DELETED' }), [
    { eid, lastSeqNumber: 7, isDeleted: true },
  ]);
  assert.deepEqual(devicesAfterLeaving(downloaded), [{ eid, lastSeqNumber: -1, isDeleted: false }]);
});

test('a deletion that was assumed is none, until the eUICC reports it', () => {
  const assumed = withEarlierDevice(enabled, { eid, lastSeqNumber: 7, isDeleted: false });
  const deleted: OnDevice = { ...enabled, state: 'DELETED', earlierDevices: assumed };
  assert.equal(devicesAfterLeaving(deleted)?.[0]?.isDeleted, false);
  const reported = { ...deleted, device: { ...deleted.device, lastSeqNumber: 8 } };
  assert.deepEqual(devicesAfterLeaving(reported), [{ eid, lastSeqNumber: 8, isDeleted: true }]);
});

test('eUICCs are remembered once each, and the oldest are forgotten', () => {
  let profile = enabled;
  for (let i = 0; i < 20; i++)
    for (const lastSeqNumber of [1, 2])
      profile = {
        ...profile,
        earlierDevices: withEarlierDevice(profile, { eid: eidOf(i), lastSeqNumber, isDeleted: false }),
      };
  assert.equal(profile.earlierDevices?.length, 8);
  assert.equal(earlierDevice(profile, eidOf(19))?.lastSeqNumber, 2);
  assert.equal(earlierDevice(profile, eidOf(0)), undefined);
});
