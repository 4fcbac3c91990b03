import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseEid } from '@esim-rsp/sgp22/value/eid';
import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { matchingIdFrom } from '@esim-rsp/sgp22/value/matching-id';
import type { Env } from '../env.ts';
import type { Profile } from '../state/profile.ts';
import { type ProgressMeaning, type RecordProgressRequest, recordProgress } from './recordProgress.ts';

const iccid = parseIccid('8988201000000000011');
const eid = parseEid('89049032123451234512345678901235');
const AT = 1_800_000_000;
const env = {
  now: AT * 1000,
  random: (length: number) => new Uint8Array(length),
  limits: { downloadAttempts: 10, confirmationCodeAttempts: 5 },
} as unknown as Env;

const released: Profile = {
  iccid,
  account: 'lab',
  upstream: 'vendor',
  imsi: '',
  metadata: new Uint8Array(),
  protection: 'session_keys',
  changedAt: 1,
  version: 1,
  state: 'RELEASED',
  order: {
    matchingId: matchingIdFrom(new Uint8Array(13)),
    downloadAttemptsLeft: 10,
    reusePolicy: { type: 'NEVER', maxCount: 0, cooldownSeconds: 0 },
    reusesLeft: 0,
  },
};

const points: Readonly<Record<ProgressMeaning, number>> = {
  eligibility: 1,
  confirmation_code: 2,
  downloaded: 3,
  installed: 4,
  enabled: 101,
  disabled: 102,
  deleted: 5,
};

type Report = ProgressMeaning | readonly [ProgressMeaning, Partial<RecordProgressRequest>];

/** What reports make of a profile: its states, and the events. */
async function after(reports: readonly Report[], profile: Profile = released) {
  const events: string[] = [];
  const states: string[] = [];
  let now = profile;
  for (const [i, one] of reports.entries()) {
    const [meaning, members] = typeof one === 'string' ? [one, {}] : one;
    const request = { account: 'lab', upstream: 'vendor', iccid, eid, point: points[meaning], meaning };
    const decision = await recordProgress.decide({ ...request, at: AT + i, ...members }, now, env);
    for (const change of decision.save) {
      if ('profile' in change) now = { ...change.profile, version: change.profile.version + 1 };
      if ('event' in change) events.push(change.event.type);
    }
    states.push(now.state);
  }
  return { states, events, profile: now };
}

const failed = { fault: { subjectCode: '8.2.10', reasonCode: '4.2', message: 'no' } };

test('the reports of a download and of its device move the profile', async () => {
  const { states, events, profile } = await after([
    'eligibility',
    'downloaded',
    'installed',
    'enabled',
    'disabled',
    'deleted',
  ]);
  assert.deepEqual(states, ['RELEASED', 'DOWNLOADED', 'INSTALLED', 'ENABLED', 'DISABLED', 'DELETED']);
  assert.deepEqual(events, [
    'download.checked',
    ...['downloaded', 'installed', 'enabled', 'disabled', 'deleted'].map((one) => `profile.${one}`),
  ]);
  assert.ok(profile.state === 'DELETED' && profile.device.eid === eid);
});

test('a report that comes twice changes nothing', async () => {
  const first = { at: AT };
  const { events } = await after([
    ['installed', first],
    ['installed', first],
    ['eligibility', first],
    ['eligibility', first],
  ]);
  assert.deepEqual(events, ['profile.installed', 'download.checked']);
});

test('reports that overtake each other lead to the latest state, whichever comes first', async () => {
  const installed = ['installed', { at: AT + 1 }] as const;
  const enabled = ['enabled', { at: AT + 2 }] as const;
  const disabled = ['disabled', { at: AT + 3 }] as const;
  for (const order of [
    [installed, enabled, disabled],
    [disabled, enabled, installed],
    [enabled, installed, disabled],
    [enabled, disabled, installed],
  ]) {
    const { states, events } = await after(order);
    assert.equal(states.at(-1), 'DISABLED');
    assert.equal(events.length, 3, 'a late one is kept, and moves nothing');
  }
  const late = await after(['installed', ['downloaded', { at: AT - 1 }]]);
  assert.deepEqual(late.events, ['profile.installed', 'upstream.reported']);
});

test('a failed download or installation is an error with its codes; a failed check is a refusal', async () => {
  const end = await after([
    ['eligibility', failed],
    ['confirmation_code', failed],
    'downloaded',
    ['installed', failed],
  ]);
  assert.deepEqual(end.states, ['RELEASED', 'RELEASED', 'DOWNLOADED', 'ERROR']);
  assert.deepEqual(end.events, [
    'download.refused',
    'confirmation_code.wrong',
    'profile.downloaded',
    'profile.error',
  ]);
  assert.ok(end.profile.state === 'ERROR' && end.profile.reason.subjectCode === '8.2.10');
  const others = { fault: { subjectCode: '99', reasonCode: '1', message: 'odd' } };
  const odd = await after([['installed', others]]);
  assert.ok(odd.profile.state === 'ERROR' && odd.profile.reason.message === '99/1 odd');
});

test('a late report of the device that had the profile before moves no new order', async () => {
  const order = { ...(released as Extract<Profile, { state: 'RELEASED' }>).order, releasedAt: AT + 100 };
  const earlierDevices = [{ eid, lastSeqNumber: -1, isDeleted: false }];
  const again = { ...released, order, earlierDevices } as Profile;
  const late = await after(['installed', ['installed', { at: AT + 1, ...failed }], 'enabled'], again);
  assert.deepEqual(late.states, ['RELEASED', 'RELEASED', 'RELEASED']);
  assert.deepEqual(late.events, ['upstream.reported', 'upstream.reported', 'upstream.reported']);
  const next = await after([['installed', { at: AT + 101 }]], again);
  assert.deepEqual(next.states, ['INSTALLED']);
  const other = { eid: parseEid('89049032123451234512345678901292') };
  const first = await after([['installed', other]], again);
  assert.deepEqual(first.states, ['INSTALLED'], 'another device has the new order only');
});

test('a point that is not known is kept', async () => {
  const { meaning: _meaning, ...unknown } = { meaning: 'x', point: 77 };
  const request = { account: 'lab', upstream: 'vendor', iccid, at: AT, ...unknown };
  const decision = await recordProgress.decide(request, released, env);
  const event = decision.save.find((change) => 'event' in change);
  assert.ok(event && 'event' in event);
  assert.deepEqual([event.event.type, event.event.message], ['upstream.reported', 'point 77']);
});

test('a report without an EID moves a profile only if its eUICC is known', async () => {
  const { states } = await after([['installed', { eid: undefined as never }]]);
  assert.deepEqual(states, ['RELEASED']);
  const known = await after(['downloaded', ['installed', { eid: undefined as never }]]);
  assert.deepEqual(known.states, ['DOWNLOADED', 'INSTALLED']);
});

test('a report about a profile of another upstream, of another account or of ours is ignored', async () => {
  const { upstream: _upstream, ...ours } = released;
  for (const profile of [undefined, ours, { ...released, upstream: 'x' }, { ...released, account: 'x' }]) {
    const request = { account: 'lab', upstream: 'vendor', iccid, eid, point: 4, at: AT } as const;
    const decision = await recordProgress.decide({ ...request, meaning: 'installed' }, profile, env);
    assert.deepEqual(decision, { reply: 'ignored', save: [] });
  }
});

test('a profile that is not ordered here stays as it is, and the report is kept', async () => {
  const { order: _order, ...stocked } = released as Extract<Profile, { state: 'RELEASED' }>;
  const { states, events } = await after(['installed'], { ...stocked, state: 'AVAILABLE' });
  assert.deepEqual([states, events], [['AVAILABLE'], ['upstream.reported']]);
});
