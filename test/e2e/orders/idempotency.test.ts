import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, test } from 'node:test';
import { subscription } from '../../harness/profiles.ts';
import { account, type ServerProcess, startServer } from '../../harness/server.ts';

let server: ServerProcess;
before(async () => {
  server = await startServer();
});
after(() => server[Symbol.asyncDispose]());

async function post(
  path: string,
  body: object,
  key: string | undefined,
  apiKey = account.ESIM_BOOTSTRAP_API_KEY,
) {
  const answer = await fetch(`${server.restUrl}/api/v1/esim${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-user-id': account.ESIM_BOOTSTRAP_USER_ID,
      'x-api-key': apiKey,
      ...(key !== undefined && { 'idempotency-key': key }),
    },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  return {
    status: answer.status,
    replayed: answer.headers.get('idempotency-replayed'),
    json: JSON.parse(text),
    text,
  };
}

test('the same request is done once, and answered as the first time', async () => {
  const body = { parameters: subscription() };
  const first = await post('/euicc-profiles', body, 'stock-1');
  assert.deepEqual([first.status, first.replayed], [201, null]);
  const again = await post('/euicc-profiles', body, 'stock-1');
  assert.deepEqual([again.status, again.replayed, again.text], [201, 'true', first.text]);
  const without = await post(
    '/euicc-profiles',
    { parameters: { ...body.parameters, imsi: '001010999999999' } },
    undefined,
  );
  assert.equal(without.status, 409);
  const path = `/euicc-profiles/${first.json.iccid}/order`;
  const order = await post(path, {}, 'order-1');
  const repeated = await post(path, {}, 'order-1');
  assert.deepEqual([order.status, repeated.status], [200, 200]);
  assert.equal(repeated.json.activation_code, order.json.activation_code);
});

test('the same key with another request is refused, and a bad key too', async () => {
  const made = await post('/keys', { scope: 'read' }, 'k-1');
  assert.equal(made.status, 201);
  const other = await post('/keys', { scope: 'order' }, 'k-1');
  assert.deepEqual([other.status, other.json.code], [422, 'idempotency_key_reused']);
  const byAnother = await post('/keys', { scope: 'read' }, 'k-1', made.json.api_key);
  assert.equal(byAnother.status, 403);
  assert.equal((await post('/keys', { scope: 'read' }, 'x'.repeat(256))).status, 400);
});

test('a refusal is not kept: the request may come again', async () => {
  const { data } = await server.api.createEUICCProfile({ parameters: subscription() });
  const path = `/euicc-profiles/${data.iccid}/release`;
  assert.equal((await post(path, {}, 'release-1')).status, 409);
  await server.api.orderEUICCProfile(data.iccid, { release: false });
  const released = await post(path, {}, 'release-1');
  assert.deepEqual([released.status, released.json.state], [200, 'RELEASED']);
});

test('two at the same time are one: the other is informed that it is under way, or gets the answer', async () => {
  const body = { parameters: subscription() };
  const answers = await Promise.all(Array.from({ length: 8 }, () => post('/euicc-profiles', body, 'twins')));
  const statuses = answers.map(({ status, json }) => (status === 409 ? json.code : status));
  assert.ok(
    statuses.every((status) => status === 201 || status === 'in_progress'),
    statuses.join(),
  );
  assert.equal(answers.filter(({ status, replayed }) => status === 201 && replayed === null).length, 1);
});

test('what is kept of an answer cannot be read without the key that asked', async () => {
  const made = await post('/keys', { scope: 'read' }, 'sealed');
  const db = new DatabaseSync(join(server.dataDir, 'esim.db'), { readOnly: true });
  const rows = db.prepare('select * from idempotency').all();
  db.close();
  const octets = JSON.stringify(
    rows.map((row) =>
      Object.values(row).map((value) =>
        value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value,
      ),
    ),
  );
  assert.ok(rows.length > 0);
  assert.ok(!octets.includes(made.json.api_key) && !octets.includes('LPA:1'));
});
