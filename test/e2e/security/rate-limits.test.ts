import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { ApiError } from '@esim-rsp/sdk';
import { downloadBy, newPhone, refusedAt } from '../../harness/phone.ts';
import { released } from '../../harness/profiles.ts';
import { account, type ServerProcess, startServer } from '../../harness/server.ts';

let server: ServerProcess;
before(async () => {
  server = await startServer({
    ESIM_RATE_PER_KEY: '60',
    ESIM_RATE_PER_ADDRESS: '200',
    ESIM_CODE_ATTEMPTS_PER_ADDRESS: '3',
  });
});
after(() => server[Symbol.asyncDispose]());

test('an address that tries wrong codes has to wait, with the right one too, and a phone that mistypes twice does not notice', async () => {
  const { activationCode } = await released(server, undefined, { confirmation_code: '2468' });
  await using phone = await newPhone(server);
  await downloadBy(phone, activationCode, '1', '2', '2468');
  const other = await released(server);
  const unknown = activationCode.replace(/\$[^$]+\$\$1$/, '$NO-SUCH-ID');
  await using guessing = await newPhone(server);
  await assert.rejects(downloadBy(guessing, unknown), refusedAt('authenticateClient', '8.2.6/3.8'));
  await assert.rejects(
    downloadBy(guessing, other.activationCode),
    (error: Error & { status?: { message?: string } }) => {
      assert.ok(refusedAt('authenticateClient', '1.2/4.4')(error));
      assert.match(error.status?.message ?? '', /try again in \d+ seconds/);
      return true;
    },
  );
});

test('an address that shows wrong keys gets 429, and the right key still works', async () => {
  const url = `${server.restUrl}/api/v1/esim/euicc-profiles`;
  const headers = { 'x-user-id': account.ESIM_BOOTSTRAP_USER_ID, 'x-api-key': 'wrong' };
  const statuses = new Set<number>();
  for (let i = 0; i < 40; i++) {
    const answer = await fetch(url, { headers });
    statuses.add(answer.status);
    if (answer.status === 429) assert.match(answer.headers.get('retry-after') ?? '', /^\d+$/);
  }
  assert.deepEqual(statuses, new Set([401, 429]));
  assert.equal((await server.api.listEUICCProfiles()).status, 200);
});

test('a key that calls too often gets 429 with when to try again', async () => {
  const calls = Array.from({ length: 100 }, () => server.api.listEUICCProfiles({ count: 1 }, { retries: 0 }));
  const outcomes = await Promise.allSettled(calls);
  const refused = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason as ApiError] : []));
  assert.ok(refused.length > 30 && refused.length < 100);
  for (const { status, code, retryAfter } of refused) {
    assert.deepEqual([status, code], [429, 'rate_limited']);
    assert.ok((retryAfter ?? 0) >= 1);
  }
});
