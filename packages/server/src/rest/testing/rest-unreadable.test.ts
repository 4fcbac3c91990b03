import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { testMasterKey } from '../../store/sealing/test-key.harness.ts';
import { createTables, storeOn } from '../../store/sqlite/store.ts';
import { LIST, problemIn, type RestTest, restTest, stocked } from './rest.harness.ts';

const HOOKS = '/api/v1/esim/webhooks';
const BEYOND = 2n ** 60n;

/** The REST API, and the database below it. */
async function restOnDatabase() {
  const db = new DatabaseSync(':memory:');
  await createTables(db);
  return { db, api: await restTest(await storeOn(db, testMasterKey)) };
}

async function listed(
  api: RestTest,
  url: string,
  member: string,
): Promise<{ ids: unknown[]; pages: number }> {
  const ids: unknown[] = [];
  let pages = 0;
  for (let cursor = ''; pages < 50; pages++) {
    const page = (await api.call(`${url}${cursor}`)).json();
    ids.push(...page[member].map((one: { id?: number; iccid: string }) => one.id ?? one.iccid));
    const { next_cursor, more = next_cursor !== undefined } = page;
    if (!more) break;
    cursor = `&cursor=${encodeURIComponent(next_cursor)}`;
  }
  return { ids, pages };
}

test('a profile that cannot be read is an error that names it and nothing else of it, and unknown to others', async () => {
  const { db, api } = await restOnDatabase();
  await using _ = api;
  const iccid = await stocked(api);
  const unknown = await api.call(`${LIST}/8988303999999999999`, { by: 'bert' });
  db.exec(`update profile set changed_at = ${BEYOND} where iccid = '${iccid}'`);
  for (const path of ['', '/qrcode']) {
    const problem = problemIn(await api.call(`${LIST}/${iccid}${path}`), 500, 'record_unreadable');
    assert.match(problem.detail, new RegExp(`the record profile ${iccid} cannot be read`));
    assert.doesNotMatch(problem.detail, /changed_at|\d{19,}.*\d{19,}/);
    assert.ok(problem.request_id);
    problemIn(await api.call(`${LIST}/${iccid}${path}`, { by: 'bert' }), 404, 'profile_not_found');
  }
  const words = (body: string, number: string) =>
    body.replaceAll(number, 'ICCID').replace(/"request_id":"[^"]*"/, '');
  const foreign = await api.call(`${LIST}/${iccid}`, { by: 'bert' });
  assert.equal(words(foreign.body, iccid), words(unknown.body, '8988303999999999999'));
  problemIn(await api.post(`${LIST}/${iccid}/order`, {}), 500, 'record_unreadable');
  problemIn(await api.post(`${LIST}/${iccid}/order`, {}, { by: 'bert' }), 404, 'profile_not_found');
  assert.equal((await api.call(LIST)).statusCode, 200);
  assert.equal((await api.call('/api/v1/status')).json().unreadable_rows, 1);
});

test('a webhook or a delivery that cannot be read is an error that names it, and unknown to others', async () => {
  const { db, api } = await restOnDatabase();
  await using _ = api;
  const { id } = (await api.post(HOOKS, { url: 'https://hooks.example.com/' })).json();
  const delivery = (await api.post(`${HOOKS}/${id}/test`, {})).json();
  db.exec(`update delivery set state = 'failed', attempts = ${BEYOND}`);
  const replay = `${HOOKS}/${id}/deliveries/${delivery.id}/replay`;
  const problem = problemIn(await api.post(replay, {}), 500, 'record_unreadable');
  assert.match(problem.detail, new RegExp(`the record delivery ${delivery.id} cannot be read`));
  db.exec(`update webhook_endpoint set created_at = ${BEYOND}`);
  problemIn(await api.call(`${HOOKS}/${id}`), 500, 'record_unreadable');
  problemIn(await api.call(`${HOOKS}/${id}`, { by: 'bert' }), 404, 'webhook_not_found');
  problemIn(await api.call(`${HOOKS}/${id}`, { method: 'DELETE', by: 'bert' }), 404, 'webhook_not_found');
  assert.equal((await api.call(`${HOOKS}/${id}`, { method: 'DELETE' })).statusCode, 204);
  problemIn(await api.call(`${HOOKS}/${id}`), 404, 'webhook_not_found');
  assert.equal(db.prepare('select count(*) as count from delivery').get()?.count, 0);
});

test('an operator, a kept answer or a key that cannot be read is an error that names it, and unknown to others', async () => {
  const { db, api } = await restOnDatabase();
  await using _ = api;
  const detailOf = (answer: Parameters<typeof problemIn>[0]) =>
    problemIn(answer, 500, 'record_unreadable').detail;
  const operator = { account: 'anna', identity: { certificateSha256: new Uint8Array(32) }, createdAt: 1 };
  await api.store.addOperator({ ...operator, name: 'shop', requesterIdentifiers: ['shop'] });
  db.exec(`update operator set created_at = ${BEYOND}`);
  const deliveries = '/api/v1/esim/operators/shop/deliveries';
  assert.match(detailOf(await api.call(deliveries)), /the record operator shop cannot be read/);
  problemIn(await api.call(deliveries, { by: 'bert' }), 404, 'operator_not_found');

  const create = () =>
    api.post('/api/v1/esim/keys', { permissions: ['read'] }, { headers: { 'idempotency-key': 'k1' } });
  const { id } = (await create()).json();
  for (const change of [`sealed = x'00112233'`, `begun_at = ${BEYOND}`]) {
    db.exec(`update idempotency set ${change}`);
    assert.match(detailOf(await create()), /the record idempotency k1 cannot be read/);
  }
  db.exec(`update api_key set created_at = ${BEYOND} where id = '${id}'`);
  const deleted = await api.call(`/api/v1/esim/keys/${id}`, { method: 'DELETE' });
  assert.match(detailOf(deleted), new RegExp(`the record api_key ${id} cannot be read`));
  const row = db.prepare('select expires_at from api_key where id = ?').get(id);
  assert.ok(Number(row?.expires_at) <= api.now, 'it is deleted all the same');
});

test('a template that cannot be read is an error that names it, and can be deleted', async () => {
  const { db, api } = await restOnDatabase();
  await using _ = api;
  const TEMPLATES = '/api/v1/esim/profile-templates';
  const numbers = { iccid_start: '893000000000000000', imsi_start: '001010000000001', size: 10 };
  assert.equal((await api.post(TEMPLATES, { profile_type: 'basic', ...numbers })).statusCode, 201);
  db.exec(`update template set created_at = ${BEYOND}`);
  problemIn(await api.call(`${TEMPLATES}/basic`), 500, 'record_unreadable');
  problemIn(await api.call(`${TEMPLATES}/basic`, { by: 'bert' }), 404, 'template_not_found');
  assert.equal((await api.call(`${TEMPLATES}/basic`, { method: 'DELETE' })).statusCode, 204);
  problemIn(await api.call(`${TEMPLATES}/basic`), 404, 'template_not_found');
});

test('pages go on behind rows that cannot be read, however many there are', async () => {
  const { db, api } = await restOnDatabase();
  await using _ = api;
  const iccids: string[] = [];
  for (let i = 0; i < 12; i++) iccids.push(await stocked(api));
  const readable = [iccids[0], iccids[11]];
  db.exec(`update event set at = ${BEYOND} where id between 2 and 11`);
  db.exec(`update audit set at = ${BEYOND} where id between 2 and 11`);
  assert.deepEqual((await listed(api, '/api/v1/esim/events?count=1', 'events')).ids, [1, 12]);
  assert.deepEqual((await listed(api, '/api/v1/esim/audit?count=1', 'entries')).ids, [12, 1]);
  const middle = iccids.slice(1, 11).map((iccid) => `'${iccid}'`);
  db.exec(`update profile set changed_at = ${BEYOND} where iccid in (${middle})`);
  for (const count of [1, 3, 20])
    for (const sort of ['iccid', '-iccid', 'last_operation_date', '-last_operation_date']) {
      const { ids } = await listed(api, `${LIST}?sort=${sort}&count=${count}`, 'euicc_profiles');
      assert.deepEqual(ids.toSorted(), readable, `${sort} ${count}`);
    }
  for (const count of [1, 3, 20])
    assert.deepEqual((await listed(api, `${LIST}?count=${count}`, 'euicc_profiles')).ids, readable);
});
