import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sendNotifications } from '@esim-rsp/euicc';
import { downloadBy, newPhone } from '../../harness/phone.ts';
import { released } from '../../harness/profiles.ts';
import { startReceiver, until } from '../../harness/receiver.ts';
import { account, type ServerProcess, startServer } from '../../harness/server.ts';

/** The log of a real server: what an operator finds in it, and how its level changes. */

type Line = Readonly<Record<string, unknown>>;

/** The complete lines so far. */
function linesOf(server: ServerProcess): readonly Line[] {
  return server
    .log()
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Line);
}

test('who has an ICCID finds the transaction by the API, and then all lines of the download', async () => {
  await using receiver = await startReceiver();
  await using server = await startServer({ ESIM_LOG_LEVEL: 'debug', ESIM_WEBHOOK_ALLOW_PRIVATE: '1' });
  const { data: hook } = await server.api.createWebhook({
    url: receiver.url,
    events: ['profile.downloaded', 'profile.installed'],
  });
  const { iccid, activationCode } = await released(server);
  await using phone = await newPhone(server);
  await downloadBy(phone, activationCode);
  await sendNotifications(phone.env);

  const { data } = await server.api.listDownloadAttempts({ iccid });
  const transactionId = data.attempts[0]?.transaction_id ?? assert.fail();
  const ofDownload = () => linesOf(server).filter((line) => line.transaction_id === transactionId);
  const calls = () => ofDownload().filter((line) => line.interface === 'ES9+');
  await until(() => calls().length === 4);
  assert.deepEqual(
    calls().map((line) => line.function),
    ['initiateAuthentication', 'authenticateClient', 'getBoundProfilePackage', 'handleNotification'],
  );
  assert.equal(new Set(calls().map((line) => line.request_id)).size, 4);
  for (const { node } of linesOf(server)) assert.match(String(node), /^[0-9a-f]{16}$/);

  const delivered = () => linesOf(server).filter((line) => line.delivery_id !== undefined);
  await until(() => delivered().length === 2);
  for (const { kind, target, attempt, msg, event_id: event } of delivered())
    assert.deepEqual(
      [kind, target, attempt, msg, typeof event],
      ['webhook', hook.id, 1, 'the message was delivered', 'number'],
    );
  assert.deepEqual(
    new Set(delivered().map((line) => line.type)),
    new Set(['profile.downloaded', 'profile.installed']),
  );
  for (const secret of [
    iccid,
    phone.phone.card().eid,
    activationCode.split('$')[2] ?? '',
    new URL(receiver.url).pathname,
  ])
    assert.ok(secret.length > 10 && !server.log().includes(secret), secret);
});

test('a line of REST has the id and the trace of its request; ICCIDs only if that is switched on', async () => {
  await using server = await startServer({ ESIM_LOG_LEVEL: 'debug', ESIM_LOG_IDENTIFIERS: '1' });
  const { iccid } = await released(server);
  const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
  const answer = await fetch(`${server.restUrl}/api/v1/esim/euicc-profiles/${iccid}?a-query=secret`, {
    headers: {
      'x-user-id': account.ESIM_BOOTSTRAP_USER_ID,
      'x-api-key': account.ESIM_BOOTSTRAP_API_KEY,
      'x-request-id': 'r-1',
      traceparent: `00-${trace}-00f067aa0ba902b7-01`,
    },
  });
  assert.equal(answer.headers.get('x-request-id'), 'r-1');
  const found = () => linesOf(server).find((line) => line.request_id === 'r-1');
  await until(() => found() !== undefined);
  const { interface: of, function: name, status, trace_id, iccid: shown } = found() ?? assert.fail();
  assert.deepEqual([of, name, status, trace_id, shown], ['REST', 'getEUICCProfile', 400, trace, iccid]);
  assert.ok(!server.log().includes('a-query') && !server.log().includes(account.ESIM_BOOTSTRAP_API_KEY));
});

test('a worker that starts again has the level that SIGUSR2 has chosen, and all lines name their worker', async () => {
  await using server = await startServer({ ESIM_LOG_LEVEL: 'warn', ESIM_WORKERS: '2' });
  const toDebug = () => linesOf(server).filter(({ msg }) => String(msg).includes('the level debug'));
  process.kill(server.pid, 'SIGUSR2');
  await until(() => toDebug().length === 3);
  assert.deepEqual(
    toDebug()
      .map(({ worker }) => worker)
      .toSorted(),
    [1, 2, undefined],
  );
  const { pid } = toDebug().find(({ worker }) => worker === 2) ?? assert.fail();
  process.kill(pid as number, 'SIGKILL');
  await until(() => toDebug().length === 4);
  assert.equal(toDebug().at(-1)?.worker, 2);
});
