import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Profile } from '../state/profile.ts';
import {
  account,
  allocated,
  available,
  confirmed,
  decided,
  env,
  iccid,
  refused,
  released,
} from './orders.harness.ts';
import { releaseProfile } from './releaseProfile.ts';

const release = (profile: Profile | undefined) => releaseProfile.decide({ account, iccid }, profile, env);

test('a CONFIRMED profile is RELEASED, and so it is answered again', async () => {
  const { profile } = await decided(release(confirmed));
  assert.ok(profile.state === 'RELEASED');
  assert.equal(profile.order.releasedAt, Math.floor(env.now / 1000));
  assert.deepEqual(await decided(release(profile)), { profile, saved: false });
});

test('a profile in another state cannot be released', () => {
  for (const profile of [available, allocated, released])
    assert.equal(
      refused(() => release(profile)),
      '8.2.1/3.5',
    );
});

test('a profile that is unknown, or of somebody else, is 8.2.1/3.9', () => {
  assert.equal(
    refused(() => release(undefined)),
    '8.2.1/3.9',
  );
  assert.equal(
    refused(() => release({ ...confirmed, account: 'other' })),
    '8.2.1/3.9',
  );
});
