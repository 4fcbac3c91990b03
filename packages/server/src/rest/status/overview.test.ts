import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import type { ProfileEvent } from '@esim-rsp/smdp/state/event';
import {
  LIST,
  ordered,
  READ_KEY,
  type RestTest,
  restTest,
  START,
  stocked,
  subscription,
} from '../testing/rest.harness.ts';

const OVERVIEW = '/api/v1/esim/overview';
const timeOf = (seconds: number) => new Date(seconds * 1000).toISOString();

async function overview(api: RestTest, query = '', headers = {}) {
  const answer = await api.call(OVERVIEW + query, { headers });
  assert.equal(answer.statusCode, 200, answer.body);
  return answer.json();
}

async function endDownload(api: RestTest, isGood: boolean): Promise<void> {
  const iccid = parseIccid(await stocked(api));
  const end = { iccid, account: 'anna', at: api.now * 1000, actor: { kind: 'system' } } as const;
  const reason = { subjectCode: '8.2.10', reasonCode: '4.2', message: 'it could not be installed' } as const;
  const event: ProfileEvent = isGood
    ? { ...end, type: 'profile.installed', to: 'INSTALLED' }
    : { ...end, type: 'profile.error', to: 'ERROR', reason };
  assert.equal(await api.store.save([{ event }]), 'saved');
}

test('an account without anything has an overview of zeros', async () => {
  await using api = await restTest();
  const { profiles, types, downloads, late_deliveries, expiring, more_types } = await overview(api);
  assert.deepEqual(profiles, { total: 0, states: {} });
  assert.deepEqual([types, late_deliveries, expiring, more_types], [[], [], [], undefined]);
  assert.deepEqual(
    [downloads.succeeded, downloads.failed, downloads.periods, downloads.reasons],
    [0, 0, [], []],
  );
  assert.equal(Date.parse(downloads.until) - Date.parse(downloads.since), 7 * 86_400_000);
});

test('profiles are counted by state, and downloads by outcome, reason and hour', async () => {
  await using api = await restTest();
  await ordered(api);
  await endDownload(api, true);
  api.now = START + 3 * 3600;
  await endDownload(api, false);
  await endDownload(api, true);
  const since = timeOf(START - 60);
  const { profiles, downloads } = await overview(
    api,
    `?by=hour&since=${since}&until=${timeOf(START + 7 * 3600)}`,
  );
  assert.deepEqual(profiles, { total: 4, states: { AVAILABLE: 3, RELEASED: 1 } });
  assert.deepEqual([downloads.by, downloads.succeeded, downloads.failed], ['hour', 2, 1]);
  assert.deepEqual(downloads.periods, [
    { starts_at: since, succeeded: 1, failed: 0 },
    { starts_at: timeOf(START - 60 + 3 * 3600), succeeded: 1, failed: 1 },
  ]);
  const [{ reason, count }] = downloads.reasons;
  assert.deepEqual([reason.subject_code, reason.reason_code, count], ['8.2.10', '4.2', 1]);
  const other = (await api.call(OVERVIEW, { by: 'bert' })).json();
  assert.deepEqual([other.profiles.total, other.downloads.failed], [0, 0]);
});

test('stock is low at the limit of its type, or when nothing is left', async () => {
  await using api = await restTest();
  for (const profile_type of ['basic', 'travel', 'travel'])
    await api.post(LIST, { parameters: subscription(), profile_type });
  const limit = (type: string, low_stock_at: number) =>
    api.call(`/api/v1/esim/profile-types/${type}`, { method: 'PATCH', payload: { low_stock_at } });
  assert.equal((await limit('travel', 2)).statusCode, 200);
  assert.equal((await limit('basic', 0)).statusCode, 200);
  const { types } = await overview(api);
  const found = types.map((type: { profile_type: string; is_low: boolean }) => [
    type.profile_type,
    type.is_low,
  ]);
  assert.deepEqual(found, [
    ['travel', true],
    ['basic', false],
  ]);
});

test('receivers that do not get their messages are named, without addresses', async () => {
  await using api = await restTest();
  const hook = (
    await api.post('/api/v1/esim/webhooks', { url: 'https://shop.example.com/secret-path' })
  ).json();
  const delivery = { account: 'anna', type: 'profile.released', iccid: '8900101000000000017' };
  await api.store.addDelivery({ ...delivery, kind: 'webhook', target: hook.id, createdAt: START * 1000 });
  assert.deepEqual((await overview(api)).late_deliveries, []);
  api.now = START + 600;
  const answer = await overview(api, '', { 'x-api-key': READ_KEY });
  assert.deepEqual(answer.late_deliveries, [
    { kind: 'webhook', target: hook.id, waiting: 1, waiting_since: timeOf(START) },
  ]);
  assert.doesNotMatch(JSON.stringify(answer), /secret-path/);
  const { late_deliveries } = (await api.call(OVERVIEW, { by: 'bert' })).json();
  assert.deepEqual(late_deliveries, []);
});

test('keys that expire soon are shown to administrators only', async () => {
  await using api = await restTest();
  const soon = timeOf(START + 86_400);
  await api.post('/api/v1/esim/keys', { scope: 'read', name: 'till tomorrow', expires_at: soon });
  await api.post('/api/v1/esim/keys', { scope: 'read', expires_at: timeOf(START + 90 * 86_400) });
  const { expiring } = await overview(api);
  assert.deepEqual(expiring, [{ kind: 'key', name: 'till tomorrow', expires_at: soon }]);
  assert.deepEqual((await overview(api, '', { 'x-api-key': READ_KEY })).expiring, []);
});

test('times that do not follow each other, and too many periods, are refused', async () => {
  await using api = await restTest();
  for (const query of [
    `?since=${timeOf(START)}&until=${timeOf(START)}`,
    `?since=${timeOf(START - 900 * 86_400)}`,
    `?by=hour&since=${timeOf(START - 40 * 86_400)}`,
    '?by=week',
  ]) {
    const answer = await api.call(OVERVIEW + query);
    assert.deepEqual([answer.statusCode, answer.json().code], [400, 'validation_failed'], query);
  }
});
