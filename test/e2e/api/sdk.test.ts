import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  AuthenticationError,
  ConflictError,
  ESIMRSPApi,
  NotFoundError,
  ValidationError,
} from '@esim-rsp/sdk';
import { released } from '../../harness/profiles.ts';
import { account, type ServerProcess, startServer } from '../../harness/server.ts';

let server: ServerProcess;
let api: ESIMRSPApi;
before(async () => {
  server = await startServer();
  const { host } = new URL(server.restUrl);
  api = new ESIMRSPApi({
    userId: account.ESIM_BOOTSTRAP_USER_ID,
    apiKey: account.ESIM_BOOTSTRAP_API_KEY,
    baseURL: host,
  });
});
after(() => server[Symbol.asyncDispose]());

test('a bare host and a key are enough, and every list is iterated over all its pages', async () => {
  const iccids = [(await released(server)).iccid, (await released(server)).iccid].toSorted();
  const listed = await Array.fromAsync(api.listEUICCProfiles({ count: 1 }), ({ iccid }) => iccid);
  assert.deepEqual(listed.toSorted(), iccids);
  const [iccid = ''] = iccids;
  const history = await Array.fromAsync(api.getEUICCProfileHistory(iccid, { count: 1 }), ({ type }) => type);
  assert.deepEqual(history, ['profile.created', 'profile.ordered', 'profile.released']);
  const events = await Array.fromAsync(api.listEvents({ count: 2, types: 'profile.released' }));
  assert.equal(events.length, 2);
  const audit = await Array.fromAsync(api.listAudit({ count: 1 }), ({ operation }) => operation);
  assert.equal(audit.filter((operation) => operation === 'orderEUICCProfile').length, 2);
  assert.equal((await Array.fromAsync(api.listApiKeys())).length, 1);
});

test('an answer has the request id of the server, and a repeated key has the same answer', async () => {
  const { iccid } = await released(server);
  const idempotencyKey = 'cancel-1';
  const first = await api.cancelEUICCProfile(
    iccid,
    {},
    { idempotencyKey, headers: { 'x-request-id': 'r-17' } },
  );
  assert.equal(first.requestId, 'r-17');
  const again = await api.cancelEUICCProfile(iccid, {}, { idempotencyKey });
  assert.deepEqual(again.data, first.data);
  assert.equal(again.response.headers.get('idempotency-replayed'), 'true');
});

test('the errors of the server have their classes, codes and fields', async () => {
  const { iccid } = await released(server);
  const errorOf = (call: Promise<unknown>) =>
    call.then(
      () => assert.fail(),
      (error: unknown) => error,
    );
  const missing = await errorOf(api.getEUICCProfile('8900000000000000009'));
  assert.ok(missing instanceof NotFoundError && missing.code === 'profile_not_found');
  const twice = await errorOf(api.orderEUICCProfile(iccid));
  assert.ok(twice instanceof ConflictError && twice.code === 'profile_not_available');
  const wrong = await errorOf(api.updateEUICCProfile(iccid, { download_attempts: 0 }));
  assert.ok(wrong instanceof ValidationError);
  assert.equal(wrong.errors[0]?.field, 'download_attempts');
  const events = api.followEvents({}, { apiKey: 'wrong' });
  assert.ok((await errorOf(events.next())) instanceof AuthenticationError);
});
