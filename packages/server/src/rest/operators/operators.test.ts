import assert from 'node:assert/strict';
import { createHash, X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import { serverKey, testClient } from '../openapi/openapi-tries-operators.harness.ts';
import { problemIn, type RestTest, restTest } from '../testing/rest.harness.ts';

const OPERATORS = '/api/v1/esim/operators';
const ACCOUNTS = '/api/v1/esim/accounts';

async function withServerKey(api: RestTest) {
  return { by: null, headers: await serverKey(api) } as const;
}

test('an operator is created with the certificate that it shows, changed and deleted; no answer has a key', async () => {
  await using api = await restTest();
  const who = await withServerKey(api);
  const { certificate, key } = testClient();
  const progress = {
    progress_url: 'https://shop.example.com',
    progress_certificate: certificate,
    progress_key: key,
  };
  const created = await api.post(OPERATORS, { name: 'shop', certificate, ...progress }, who);
  assert.equal(created.statusCode, 201, created.body);
  const sha = createHash('sha256').update(new X509Certificate(certificate).raw).digest('hex');
  const { requester_identifiers, certificate_sha256, progress: shown } = created.json();
  assert.deepEqual([requester_identifiers, certificate_sha256], [['shop'], sha]);
  assert.deepEqual(shown, {
    url: 'https://shop.example.com/gsma/rsp2/es2plus/handleDownloadProgressInfo',
    style: 'standard',
    client_certificate: true,
  });
  const patch = (body: object) => api.call(`${OPERATORS}/shop`, { ...who, method: 'PATCH', payload: body });
  const changed = await patch({ requester_identifiers: ['1.2.3', 'shop'], progress_style: '5-8' });
  assert.deepEqual(changed.json().requester_identifiers, ['1.2.3', 'shop']);
  assert.deepEqual(changed.json().progress, { ...shown, style: '5-8' });
  const listed = await api.call(OPERATORS);
  assert.deepEqual(listed.json().operators, [changed.json()]);
  for (const { body } of [created, changed, listed]) assert.doesNotMatch(body, /PRIVATE KEY/);
  assert.equal((await patch({ progress_url: null })).json().progress, undefined);
  const [entry] = (await api.store.auditEntries({ account: 'anna', count: 1 })).items;
  assert.deepEqual([entry?.operation, entry?.targets], ['updateOperator', ['shop']]);
  assert.equal((await api.call(`${OPERATORS}/shop`, { method: 'DELETE' })).statusCode, 204);
});

test('what cannot be an operator is refused with the member that is wrong, and changes nothing', async () => {
  await using api = await restTest();
  const who = await withServerKey(api);
  const [{ certificate }, other] = [testClient(), testClient('other')];
  const create = (body: object) => api.post(OPERATORS, { name: 'shop', ...body }, who);
  const notified = { progress_url: 'https://shop.example.com' };
  for (const [body, field] of [
    [{}, 'certificate'],
    [{ certificate, ca: certificate }, 'ca'],
    [{ ca: certificate }, 'ca'],
    [{ certificate: 'no certificate' }, 'certificate'],
    [{ certificate, progress_style: '101' }, 'progress_url'],
    [{ certificate, progress_url: 'ftp://shop.example.com' }, 'progress_url'],
    [{ certificate, ...notified, progress_certificate: certificate }, 'progress_certificate'],
    [
      { certificate, ...notified, progress_certificate: certificate, progress_key: other.key },
      'progress_key',
    ],
  ] as const) {
    const problem = problemIn(await create(body), 400, 'invalid_value');
    assert.equal(problem.errors?.[0]?.field, field, problem.detail);
  }
  problemIn(await create({ certificate, requester_identifiers: ['a b'] }), 400, 'validation_failed');
  assert.deepEqual(await api.store.operators(), []);
  assert.equal((await create({ certificate })).statusCode, 201);
  problemIn(await create({ certificate }), 409, 'operator_exists');
});

test('an administrator of an account without the permission server cannot create or change operators, or see accounts', async () => {
  await using api = await restTest();
  const { certificate } = testClient();
  const { certificate: stolen } = testClient('other');
  const who = await withServerKey(api);
  await api.post(OPERATORS, { name: 'shop', certificate }, who);
  problemIn(await api.post(OPERATORS, { name: 'mine', certificate }), 403, 'forbidden');
  problemIn(await api.call(`${OPERATORS}/shop`, { method: 'PATCH', payload: {} }), 403, 'forbidden');
  problemIn(await api.call(ACCOUNTS), 403, 'forbidden');
  problemIn(await api.post(ACCOUNTS, { name: 'Mine' }), 403, 'forbidden');
  problemIn(await api.post('/api/v1/esim/keys', { permissions: ['read', 'server'] }), 403, 'forbidden');
  await api.store.deleteOperator('shop');
  await api.store.addOperator({
    ...{ name: 'shop', account: 'bert', createdAt: 0, requesterIdentifiers: ['shop'] },
    identity: { certificateSha256: new Uint8Array(32) },
  });
  const payload = { certificate: stolen };
  problemIn(
    await api.call(`${OPERATORS}/shop`, { ...who, method: 'PATCH', payload }),
    404,
    'operator_not_found',
  );
});

test('an account is created with a first key that works in it, and has no permission for the server', async () => {
  await using api = await restTest();
  const who = await withServerKey(api);
  const answer = await api.post(ACCOUNTS, { name: 'Example Mobile', account_id: 'shop' }, who);
  assert.equal(answer.statusCode, 201, answer.body);
  const { api_key: apiKey } = answer.json();
  const headers = { 'x-user-id': 'shop', 'x-api-key': apiKey };
  const { api_keys } = (await api.call('/api/v1/esim/keys', { by: null, headers })).json();
  assert.deepEqual(
    api_keys.map(({ scope }: { scope: string }) => scope),
    ['admin'],
  );
  problemIn(await api.call(ACCOUNTS, { by: null, headers }), 403, 'forbidden');
  problemIn(await api.post(ACCOUNTS, { name: 'Again', account_id: 'shop' }, who), 409, 'account_exists');
  const { accounts } = (await api.call(ACCOUNTS, who)).json();
  assert.deepEqual(
    accounts.map(({ account_id }: { account_id: string }) => account_id),
    ['anna', 'bert', 'shop'],
  );
  assert.ok(!JSON.stringify(accounts).includes(apiKey));
});
