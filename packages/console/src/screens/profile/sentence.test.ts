import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DownloadAttempt, GetEUICCProfileResponse, ProfileEvent } from '@esim-rsp/sdk';
import { en } from '../../text/en.ts';
import { explain, lastFailure, whereIs } from './sentence.ts';

const profile: GetEUICCProfileResponse = {
  iccid: '8900101000000000019',
  imsi: '001010000000001',
  state: 'RELEASED',
  last_operation_date: 1_700_000_000,
  last_operation_at: '2023-11-14T22:13:20Z',
  activation_code: '',
  download_attempts_left: 9,
};
const memory = { subject_code: '8.1', reason_code: '4.8', message: 'the eUICC has not enough free memory' };
const at = (second: number) => `2026-01-01T00:00:${String(second).padStart(2, '0')}Z`;
const event = (type: ProfileEvent['type'], second: number, reason?: typeof memory): ProfileEvent => ({
  id: second,
  type,
  iccid: profile.iccid,
  occurred_at: at(second),
  actor: { kind: 'device' },
  to: 'RELEASED',
  ...(reason && { reason }),
});
const attempt = (second: number): DownloadAttempt => ({
  transaction_id: 'A0',
  opened_at: at(second),
  stage: 'refused',
  eid: '89049032000000000000000000000163',
  iccid: profile.iccid,
  calls: [{ function: 'ES9+.AuthenticateClient', occurred_at: at(second), refused: memory }],
});

test('sentences say where a profile is', () => {
  assert.deepEqual(
    whereIs(profile, 1, en.profile, () => '2 days ago'),
    [
      'Waiting to be downloaded since 2 days ago.',
      'One download was started.',
      '9 more attempts are allowed.',
    ],
  );
  const { download_attempts_left: _, ...atUpstream } = profile;
  assert.deepEqual(
    whereIs({ ...atUpstream, upstream: 'vendor' }, 0, en.profile, () => '2 days ago'),
    ['Waiting to be downloaded since 2 days ago.'],
  );
  assert.deepEqual(
    whereIs({ ...profile, state: 'ENABLED' }, 1, en.profile, () => 'yesterday'),
    ['In use on the phone since yesterday.'],
  );
});

test('a reason becomes a sentence and an advice; an unknown one keeps the words of the server', () => {
  const known = explain(memory, en);
  assert.equal(known.what, 'The phone has no free memory for eSIMs.');
  assert.equal(known.codes, '8.1/4.8');
  assert.equal(explain({ ...memory, reason_code: '9.9' }, en).what, memory.message);
});

test('the last failure is the newest of events and attempts, until something overtakes it', () => {
  assert.equal(lastFailure(profile, [], [], en), undefined);
  assert.equal(lastFailure(profile, [], [attempt(5)], en)?.at, at(5));
  assert.equal(lastFailure(profile, [event('download.refused', 9, memory)], [attempt(5)], en)?.at, at(9));
  assert.equal(lastFailure(profile, [event('profile.installed', 9)], [attempt(5)], en), undefined);
  assert.equal(
    lastFailure({ ...profile, state: 'ERROR', state_reason: memory }, [], [], en)?.codes,
    '8.1/4.8',
  );
});
