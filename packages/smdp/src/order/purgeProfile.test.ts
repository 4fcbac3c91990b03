import assert from 'node:assert/strict';
import { test } from 'node:test';
import { downloaded, eid, env, released } from '../es9/download.testdata.ts';
import type { OnDevice, Profile } from '../state/profile.ts';
import { fail, postpone, report, reserve, stockAgain } from '../state/transitions.ts';
import { type PurgeProfileRequest, purgeProfile } from './purgeProfile.ts';

const asked = { account: released.account, iccid: released.iccid, history: 'keep', force: false } as const;

function purge(profile: Profile | undefined, more: Partial<PurgeProfileRequest> = {}) {
  const decision = purgeProfile.decide({ ...asked, ...more }, profile, env);
  assert.ok('save' in decision);
  return decision.save;
}

const reusable = { ...released, order: { ...released.order, reusable: true as const } };
const device = { eid, seqNumber: 1 };
const stock = stockAgain(released, 'AVAILABLE', 1);
const failed = fail(downloaded, { subjectCode: '8.8.5', reasonCode: '4.10', message: '' }, 1);
const onDevice = (['INSTALLED', 'ENABLED', 'DISABLED'] as const).map((state) =>
  report(downloaded, state, device, 1),
);

test('a profile that no eUICC has is deleted in any state, with an event', () => {
  const free = [
    stock,
    stockAgain(released, 'UNAVAILABLE', 1),
    reserve(stock, undefined, 1),
    released,
    reusable,
    report(reusable, 'DELETED', device, 1),
    report(downloaded, 'DELETED', device, 1) as OnDevice,
    failed,
  ];
  for (const profile of free) {
    const [change, last] = purge(profile, { history: 'remove' });
    const { iccid, account, version, state } = profile;
    assert.deepEqual(change, {
      purge: { iccid, account, version, es2Calls: [], at: env.now, history: 'remove' },
    });
    assert.ok(last !== undefined && 'event' in last);
    assert.deepEqual([last.event.type, last.event.from, last.event.to], ['profile.purged', state, state]);
  }
});

test('a profile that an eUICC has, or may have, is deleted by force only', () => {
  for (const profile of [
    downloaded,
    postpone(downloaded, 1),
    report(reusable, 'ENABLED', device, 1),
    ...onDevice,
  ]) {
    assert.throws(() => purge(profile), new RegExp(`or force the deletion.*it is ${profile.state}$`));
    assert.equal(purge(profile, { force: true }).length, 2);
  }
});

test('a profile of another account is unknown', () => {
  assert.throws(() => purge(released, { account: 'other', force: true }), /no profile with this ICCID/);
  assert.throws(() => purge(undefined), /no profile with this ICCID/);
});
