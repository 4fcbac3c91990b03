import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseEid } from '@esim-rsp/sgp22/value/eid';
import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { parseMatchingId } from '@esim-rsp/sgp22/value/matching-id';
import type { Profile, Released, Stocked } from './profile.ts';
import { countAttempt, download, fail, postpone, report, reserve, stockAgain } from './transitions.ts';

const eid = parseEid('89049032123451234512345678901235');
const binding = { eid, euiccOtpk: Uint8Array.of(1), otSkDp: Uint8Array.of(2), hostId: Uint8Array.of(3) };
const reason = { subjectCode: '8.2.10', reasonCode: '4.2', message: 'it failed' } as const;

function released(reusable: boolean): Released {
  return {
    iccid: parseIccid('8900101000000000017'),
    account: 'a',
    upstream: 'wholesaler',
    imsi: '001010000000001',
    msisdn: '+4915123456789',
    profileType: 'kind',
    metadata: Uint8Array.of(4),
    protection: 'ppk',
    needs: { bytes: 5, capabilities: [1] },
    changedAt: 6,
    version: 7,
    state: 'RELEASED',
    order: {
      matchingId: parseMatchingId('SOME-ID'),
      downloadAttemptsLeft: 3,
      reusePolicy: { type: 'NEVER', maxCount: 0, cooldownSeconds: 0 },
      reusesLeft: 0,
      ...(reusable && { reusable }),
    },
  };
}

/** What a Profile is whatever happens to it. */
function constants(profile: Profile) {
  const { iccid, account, upstream, imsi, msisdn, profileType, metadata, protection, needs, version } =
    profile;
  return { iccid, account, upstream, imsi, msisdn, profileType, metadata, protection, needs, version };
}

test('an order for one download goes its way', () => {
  const profile = released(false);
  const downloaded = download(countAttempt(profile), binding, 8);
  assert.deepEqual([downloaded.state, downloaded.order.downloadAttemptsLeft], ['DOWNLOADED', 2]);
  assert.equal(postpone(downloaded, 9).binding, binding);
  assert.equal(fail(downloaded, reason, 9).state, 'ERROR');
  assert.equal(report(downloaded, 'INSTALLED', { eid, seqNumber: 1 }, 9).state, 'INSTALLED');
});

test('a reusable order is left as it is by attempts, downloads and delays', () => {
  const profile = released(true);
  assert.equal(countAttempt(profile), profile);
  assert.equal(download(profile, binding, 8), profile);
  assert.equal(postpone(profile, 8), profile);
});

test('a reusable order stays RELEASED after a failure and after a report, and keeps the last of them', () => {
  const failed = fail(released(true), reason, 9);
  assert.deepEqual([failed.state, failed.reason], ['RELEASED', reason]);
  assert.ok(failed.state === 'RELEASED');
  const reported = report(failed, 'ENABLED', { eid, seqNumber: 5 }, 10);
  assert.ok(reported.state === 'RELEASED');
  assert.equal(reported.reason, undefined);
  assert.deepEqual(reported.device, { eid, lastSeqNumber: 5, lastNotificationAt: 10, state: 'ENABLED' });
});

test('no transition loses what is known of a Profile', () => {
  for (const reusable of [false, true]) {
    const profile = released(reusable);
    for (const changed of [
      download(profile, binding, 8),
      fail(profile, reason, 8),
      report(profile, 'INSTALLED', { eid, seqNumber: 1 }, 8),
      reserve({ ...profile, state: 'AVAILABLE' } as Stocked, eid, 8),
      stockAgain(profile, 'UNAVAILABLE', 8),
    ])
      assert.deepEqual(constants(changed), constants(profile));
  }
});
