import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseMatchingId } from '@esim-rsp/sgp22/value/matching-id';
import { eid, env, released } from '../es9/download.testdata.ts';
import { moveProfile, recordTransition } from './change.ts';
import { byDevice, byOperator, type EventType } from './event.ts';
import type { Profile, Released } from './profile.ts';
import {
  cancel,
  confirm,
  countAttempt,
  download,
  fail,
  postpone,
  release,
  report,
  reserve,
  stockAgain,
} from './transitions.ts';

const { state: _, order, ...known } = released;
const binding = { eid, euiccOtpk: Uint8Array.of(1), otSkDp: Uint8Array.of(2), hostId: Uint8Array.of(3) };
const reason = { subjectCode: '8.2.10', reasonCode: '4.2', message: 'it failed' } as const;
const expired = { subjectCode: '8.8.5', reasonCode: '4.10', message: 'too late' } as const;
const cause = byDevice(eid, env, { point: 4 });

/** The types of the events that tell of a transition. */
function recordEvent(from: Profile | undefined, to: Profile): EventType[] {
  return recordTransition(from, to, cause).flatMap((change) =>
    'event' in change ? [change.event.type] : [],
  );
}

test('every transition has one event, with the state before and after it', () => {
  const available: Profile = { ...known, state: 'AVAILABLE' };
  const allocated = reserve(available, undefined, 1);
  const confirmed = confirm(allocated, { ...order, matchingId: parseMatchingId('X') }, 1);
  const open = release(confirmed, 1);
  const downloaded = download(open, binding, 1);
  const installed = report(downloaded, 'INSTALLED', { eid, seqNumber: 1 }, 1);
  const steps: readonly (readonly [Profile | undefined, Profile, EventType])[] = [
    [undefined, available, 'profile.created'],
    [available, allocated, 'profile.ordered'],
    [available, reserve(available, eid, 1), 'profile.ordered'],
    [allocated, confirmed, 'profile.confirmed'],
    [confirmed, open, 'profile.released'],
    [open, downloaded, 'profile.downloaded'],
    [downloaded, postpone(downloaded, 1), 'profile.postponed'],
    [downloaded, installed, 'profile.installed'],
    [downloaded, fail(downloaded, reason, 1), 'profile.error'],
    [open, fail(open, expired, 1), 'profile.expired'],
    [open, cancel(open, 'AVAILABLE', 1), 'profile.cancelled'],
    [open, cancel(open, 'UNAVAILABLE', 1), 'profile.cancelled'],
    [available, stockAgain(available, 'UNAVAILABLE', 1), 'profile.retired'],
    [installed, stockAgain(installed, 'UNAVAILABLE', 1), 'profile.retired'],
    [stockAgain(available, 'UNAVAILABLE', 1), available, 'profile.reset'],
    [fail(downloaded, reason, 1), stockAgain(downloaded, 'AVAILABLE', 1), 'profile.reset'],
  ];
  for (const [from, to, type] of steps) {
    assert.deepEqual(recordEvent(from, to), [type]);
    const [change] = recordTransition(from, to, cause);
    assert.ok(change !== undefined && 'event' in change);
    assert.deepEqual([change.event.from, change.event.to, change.event.at], [from?.state, to.state, env.now]);
    assert.deepEqual(change.event.reason, 'reason' in to ? to.reason : undefined);
  }
});

test('without a transition there is no event, and the same profile is not saved', () => {
  const counted = countAttempt(released);
  assert.deepEqual(moveProfile(released, counted, cause), [{ profile: counted }]);
  assert.deepEqual(moveProfile(released, released, byOperator(env)), []);
});

test('a reusable order stays RELEASED, and its downloads have events', () => {
  const reusable: Released = { ...released, order: { ...order, reusable: true } };
  const failed = fail(reusable, reason, 1) as Released;
  const installed = report(failed, 'INSTALLED', { eid, seqNumber: 1 }, 1);
  assert.deepEqual(recordEvent(reusable, failed), ['profile.error']);
  assert.deepEqual(recordEvent(failed, installed), ['profile.installed']);
  assert.deepEqual(recordEvent(failed, { ...failed }), []);
});
