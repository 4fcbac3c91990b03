import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AuditEntry, StoredAuditEntry } from '../../store/ports/audit.ts';
import type { ServerStore } from '../../store/ports/server-store.ts';
import { openEmptyStore } from '../../store/postgres/testing/empty-store.harness.ts';
import { tries } from '../openapi/openapi-tries.harness.ts';
import { operations } from '../operations.ts';
import { callOperation } from './operation-call.harness.ts';
import { LIST, ordered, READ_KEY, type RestTest, restTest, stocked, subscription } from './rest.harness.ts';

const AUDIT = '/api/v1/esim/audit';

async function entriesOf({ store }: RestTest, account = 'anna'): Promise<readonly StoredAuditEntry[]> {
  return (await store.auditEntries({ account, count: 1000 })).items;
}

test('every change that succeeds names what it concerned in the audit log', async () => {
  for (const operation of operations.filter(
    ({ method, open, changesNothing }) => method !== 'GET' && !open && !changesNothing,
  )) {
    const { operationId } = operation;
    await using api = await restTest();
    const prepared = await (tries[operationId]?.(api) ?? []);
    for (const one of prepared) await callOperation(api, operation, one);
    const done = (await entriesOf(api)).filter(
      ({ operation: name, status = 0 }) => name === operationId && status < 300,
    );
    assert.ok(done.length > 0, `no try of ${operationId} succeeds`);
    for (const entry of done)
      assert.ok(
        entry.targets.length > 0 || operationId === 'importEUICCProfiles',
        `${operationId} names nothing: ${JSON.stringify(entry)}`,
      );
  }
});

test('the entry of a change is in the audit log before its answer is sent, however slow the log is', async () => {
  for (const operation of operations.filter(
    ({ method, open, changesNothing }) => method !== 'GET' && !open && !changesNothing,
  )) {
    const { operationId } = operation;
    const store = await openEmptyStore();
    const slow = Object.assign(Object.create(store) as ServerStore, {
      addAuditEntry: async (entry: AuditEntry) => {
        await sleep(3);
        return store.addAuditEntry(entry);
      },
    });
    await using api = await restTest(slow);
    for (const one of await (tries[operationId]?.(api) ?? [])) {
      const before = (await entriesOf(api)).length;
      const { statusCode } = await callOperation(api, operation, one);
      const added = (await entriesOf(api)).slice(0, -before || undefined);
      const own = added.filter((entry) => entry.operation === operationId && entry.status === statusCode);
      if (statusCode < 300) assert.equal(own.length, 1, `${operationId} was answered before its entry`);
    }
  }
});

test('the audit log names what a call created', async () => {
  await using api = await restTest();
  const named = async (operation: string) =>
    (await entriesOf(api)).find((entry) => entry.operation === operation)?.targets;
  const key = (await api.post('/api/v1/esim/keys', { scope: 'read' })).json();
  assert.deepEqual(await named('createApiKey'), [key.id]);
  const rotated = (await api.post(`/api/v1/esim/keys/${key.id}/rotate`, {})).json();
  assert.deepEqual(await named('rotateApiKey'), [key.id, rotated.id]);
  const parameters = subscription();
  await api.post(LIST, { parameters, profile_type: 'a type with spaces' });
  const order = await api.post(`${LIST}/order`, { profile_type: 'a type with spaces' });
  assert.deepEqual(await named('orderEUICCProfileOfType'), [parameters.iccid, 'a type with spaces']);
  assert.equal(order.statusCode, 200);
  const starts = { iccid_start: '898830599999900000', imsi_start: '001019999900000' };
  const { subscriptions } = (await api.post(`${LIST}/generate`, { count: 3, ...starts })).json();
  assert.deepEqual(
    await named('generateEUICCProfiles'),
    subscriptions.map(({ iccid }: { iccid: string }) => iccid),
  );
});

test('an import has one entry, with the profiles that it created and how many', async () => {
  await using api = await restTest();
  const all = Array.from({ length: 260 }, subscription);
  const payload = all.map((parameters) => JSON.stringify({ parameters })).join('\n');
  const headers = { 'content-type': 'application/x-ndjson' };
  await api.call(`${LIST}/import`, { method: 'POST', payload, headers: { ...headers } });
  const entries = await entriesOf(api);
  assert.deepEqual(
    entries.map(({ operation, status, targetCount, targets }) => [
      operation,
      status,
      targetCount,
      targets.length,
    ]),
    [['importEUICCProfiles', 200, 260, 250]],
  );
  const known = new Set(all.map(({ iccid }) => iccid));
  assert.ok(entries[0]?.targets.every((iccid) => known.has(iccid)));
  const history = (await api.call(`${LIST}/${all[259]?.iccid}/history`)).json();
  assert.equal(history.events[0].actor.key_id, entries[0]?.keyId);
});

test('refused calls are in the audit log: a wrong key, an ended one, and one without the permission', async () => {
  await using api = await restTest();
  const { iccid } = await ordered(api);
  const before = (await entriesOf(api)).length;
  const as = (key: string, user = 'anna') => ({ by: null, headers: { 'x-user-id': user, 'x-api-key': key } });
  await api.post(`${LIST}/${iccid}/cancel`, {}, as(READ_KEY));
  await api.call(`${LIST}/${iccid}`, as('wrong'));
  await api.call(`${LIST}/${iccid}`, as('wrong', 'nobody'));
  await api.call(`${LIST}/${iccid}`, { by: null });
  const { id, api_key } = (await api.post('/api/v1/esim/keys', { scope: 'read' })).json();
  await api.store.expireApiKey('anna', id, 1);
  await api.call(LIST, as(api_key));
  const reported = (entries: readonly StoredAuditEntry[]) =>
    entries.map(({ operation, targets, status, code }) => [operation, targets[0], status, code]);
  assert.deepEqual(reported((await entriesOf(api)).toReversed().slice(before)), [
    ['cancelEUICCProfile', iccid, 403, 'forbidden'],
    ['getEUICCProfile', iccid, 401, 'unauthorized'],
    ['createApiKey', id, 201, undefined],
    ['listEUICCProfiles', undefined, 401, 'unauthorized'],
  ]);
  const [ended, , wrong] = await entriesOf(api);
  assert.deepEqual([ended?.keyId, wrong?.keyId], [id, undefined]);
  assert.deepEqual(reported(await entriesOf(api, '')), [
    ['getEUICCProfile', iccid, 401, 'unauthorized'],
    ['getEUICCProfile', iccid, 401, 'unauthorized'],
  ]);
});

test('a flood of refused calls adds ten entries to the audit log of an account, and not more', async () => {
  await using api = await restTest();
  const headers = { 'x-user-id': 'anna', 'x-api-key': 'wrong' };
  await Promise.all(Array.from({ length: 200 }, () => api.call(LIST, { by: null, headers })));
  const { length } = await entriesOf(api);
  assert.ok(length >= 10 && length <= 11, `${length} entries`);
  for (let i = 0; i < 200; i++)
    await api.call(LIST, { by: null, headers: { 'x-user-id': `nobody ${i}`, 'x-api-key': 'wrong' } });
  assert.ok((await entriesOf(api, '')).length <= 11);
});

test('the audit log is paged from the newest entry on, and filtered', async () => {
  await using api = await restTest();
  const iccid = await stocked(api);
  await api.post(`${LIST}/${iccid}/order`, {});
  await stocked(api);
  const read = async (query: string) => (await api.call(`${AUDIT}?${query}`)).json();
  const operationsIn = ({ entries }: { entries: { operation: string }[] }) =>
    entries.map(({ operation }) => operation);
  const first = await read('count=2');
  assert.deepEqual([operationsIn(first), first.more], [['createEUICCProfile', 'orderEUICCProfile'], true]);
  const last = await read(`count=2&cursor=${first.next_cursor}`);
  assert.deepEqual(
    [operationsIn(last), last.more, 'next_cursor' in last],
    [['createEUICCProfile'], false, false],
  );
  assert.deepEqual(operationsIn(await read(`target=${iccid}`)), ['orderEUICCProfile', 'createEUICCProfile']);
  assert.deepEqual(operationsIn(await read('operation=orderEUICCProfile')), ['orderEUICCProfile']);
  const [{ key_id, occurred_at }] = first.entries;
  assert.equal((await read(`key_id=${key_id}`)).entries.length, 3);
  assert.equal((await read(`key_id=${'0'.repeat(16)}`)).entries.length, 0);
  assert.ok((await read(`since=${occurred_at}`)).entries.length >= 1);
  assert.equal((await read('until=2020-01-01T00:00:00Z')).entries.length, 0);
  const hour = new Date(Date.now() + 3_600_000).toISOString();
  assert.deepEqual(
    [(await read(`since=${hour}`)).entries.length, (await read(`until=${hour}`)).entries.length],
    [0, 3],
  );
});
