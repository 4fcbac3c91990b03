import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { deleteProfile, enableProfile, sendNotifications } from '@esim-rsp/euicc';
import {
  ApiError,
  type CreateWebhookRequest,
  type ProfileEvent,
  type WebhookMessage,
  type WebhookWithSecret,
  webhooks,
} from '@esim-rsp/sdk';
import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { freeAddresses } from '../../harness/free-port.ts';
import { downloadBy, newPhone } from '../../harness/phone.ts';
import { released } from '../../harness/profiles.ts';
import { type Received, type Receiver, startReceiver, until } from '../../harness/receiver.ts';
import { type ServerProcess, sameAddresses, startServer } from '../../harness/server.ts';

const allowed = { ESIM_WEBHOOK_ALLOW_PRIVATE: '1' };
let server: ServerProcess;
before(async () => {
  server = await startServer(allowed);
});
after(() => server[Symbol.asyncDispose]());

async function hooked(
  { url }: Pick<Receiver, 'url'>,
  more: Partial<CreateWebhookRequest> = {},
  { api } = server,
): Promise<WebhookWithSecret> {
  return (await api.createWebhook({ url, ...more })).data;
}

const opened = ({ body, headers }: Received, secret: string): Promise<WebhookMessage> =>
  webhooks.unwrap(body, headers, secret);
const typeIn = ({ body }: Received) => JSON.parse(body).type as string;
const iccidIn = ({ body }: Received) => JSON.parse(body).data.iccid as string;

async function logOf(id: string) {
  return (await server.api.listWebhookDeliveries(id)).data.deliveries;
}

test('a webhook hears of every step of a download exactly what the history has', async () => {
  await using receiver = await startReceiver();
  const hook = await hooked(receiver, { events: ['*'] });
  const { iccid, activationCode } = await released(server);
  await using phone = await newPhone(server);
  await downloadBy(phone, activationCode);
  await sendNotifications(phone.env);
  await enableProfile(phone.env.es10, parseIccid(iccid));
  await deleteProfile(phone.env.es10, parseIccid(iccid)).catch(() => undefined);
  await sendNotifications(phone.env);
  const { events } = (await server.api.getEUICCProfileHistory(iccid)).data;
  const received = await receiver.count(events.length);
  const messages = await Promise.all(received.map((one) => opened(one, hook.secret)));
  const expected = events.map((event: ProfileEvent) => ({
    type: event.type,
    timestamp: event.occurred_at,
    data: { ...event, state: event.to },
  }));
  assert.deepEqual(messages, expected);
  assert.equal(new Set(received.map(({ headers }) => headers['webhook-id'])).size, events.length);
  const log = await logOf(hook.id);
  assert.deepEqual(
    log.map(({ type, state, attempts, last_status }) => [type, state, attempts, last_status]),
    events.map(({ type }) => [type, 'delivered', 1, 204]).reverse(),
  );
  const code = activationCode.split('$')[2] ?? assert.fail();
  assert.ok(!JSON.stringify(received).includes(code));
});

test('a webhook hears of what it asked for, of its own account, and of nothing from before', async () => {
  await released(server);
  await using receiver = await startReceiver();
  const hook = await hooked(receiver, { events: ['profile.released'] });
  const { iccid } = await released(server);
  await server.api.testWebhook(hook.id);
  await until(() => receiver.received.some((one) => typeIn(one) === 'webhook.test'));
  await receiver.count(2);
  assert.deepEqual(
    receiver.received
      .filter((one) => typeIn(one) !== 'webhook.test')
      .map((one) => [typeIn(one), iccidIn(one)]),
    [['profile.released', iccid]],
  );
});

test('a receiver that was down gets all of it in order when it is back', async () => {
  await using receiver = await startReceiver();
  let down = true;
  receiver.answer = (response) => void response.writeHead(down ? 500 : 204).end();
  const hook = await hooked(receiver, { events: ['*'] });
  const iccids = [(await released(server)).iccid, (await released(server)).iccid];
  await receiver.count(3);
  assert.ok((await server.api.getWebhook(hook.id)).data.first_failed_at !== undefined);
  const [stuck] = (await logOf(hook.id)).filter(({ attempts }) => attempts > 0);
  assert.deepEqual([stuck?.state, stuck?.last_error], ['pending', 'answered 500']);
  down = false;
  await until(async () => (await logOf(hook.id)).every(({ state }) => state === 'delivered'));
  for (const iccid of iccids) {
    const types = receiver.received.filter((one) => iccidIn(one) === iccid).map(typeIn);
    assert.deepEqual([...new Set(types)], ['profile.created', 'profile.ordered', 'profile.released']);
    assert.deepEqual(types, types.toSorted(byStep), 'no later one came before an earlier one had arrived');
  }
  assert.equal((await server.api.getWebhook(hook.id)).data.first_failed_at, undefined);
});

const steps = ['profile.created', 'profile.ordered', 'profile.released'];
const byStep = (a: string, b: string) => steps.indexOf(a) - steps.indexOf(b);

test('a message that was under way when the server stopped is sent again after the next start', async () => {
  await using receiver = await startReceiver();
  receiver.answer = () => undefined;
  const first = await startServer(allowed);
  const hook = await hooked(receiver, { events: ['profile.created', 'profile.released'] }, first);
  const { iccid } = await released(first);
  await receiver.count(1);
  await first.close();
  receiver.answer = (response) => void response.writeHead(200).end('thanks');
  await using second = await startServer({ ...allowed, ESIM_DATA_DIR: first.dataDir });
  await receiver.count(3);
  const messages = await Promise.all(receiver.received.map((one) => opened(one, hook.secret)));
  assert.deepEqual(
    messages.map(({ type }) => type),
    ['profile.created', 'profile.created', 'profile.released'],
  );
  const [once, again] = receiver.received.map(({ headers }) => headers['webhook-id']);
  assert.equal(once, again);
  const { deliveries } = (await second.api.listWebhookDeliveries(hook.id)).data;
  assert.deepEqual(
    deliveries.map(({ iccid: of, attempts }) => [of, attempts]),
    [
      [iccid, 1],
      [iccid, 2],
    ],
  );
  await first[Symbol.asyncDispose]();
});

test('a crash in the middle loses nothing and changes no order: what was under way comes again', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'esim-crash-'));
  await using receiver = await startReceiver();
  receiver.answer = () => undefined;
  const first = await startServer({ ...allowed, ...(await freeAddresses()), ESIM_DATA_DIR: dataDir });
  const hook = await hooked(receiver, { events: ['*'] }, first);
  const iccids = [(await released(first)).iccid, (await released(first)).iccid];
  await receiver.count(2);
  await first.kill();
  receiver.answer = (response) => void response.writeHead(204).end();
  const second = await startServer({ ...allowed, ...sameAddresses(first), ESIM_DATA_DIR: dataDir });
  await receiver.count(8);
  for (const iccid of iccids) {
    const types = receiver.received.filter((one) => iccidIn(one) === iccid).map(typeIn);
    assert.deepEqual(types, ['profile.created', ...steps]);
  }
  const { deliveries } = (await second.api.listWebhookDeliveries(hook.id)).data;
  await until(async () =>
    (await second.api.listWebhookDeliveries(hook.id)).data.deliveries.every(
      (one) => one.state === 'delivered',
    ),
  );
  assert.deepEqual(deliveries.map(({ attempts }) => attempts).toSorted(), [1, 1, 1, 1, 2, 2]);
  await second[Symbol.asyncDispose]();
  rmSync(dataDir, { recursive: true, force: true });
});

const refusedWith = (code: string) => (error: unknown) => error instanceof ApiError && error.code === code;

test('private networks are refused when a webhook is made, and again when something is sent', async () => {
  await using receiver = await startReceiver();
  const first = await startServer(allowed);
  const hook = await hooked({ url: receiver.url.replace('127.0.0.1', 'localhost') }, {}, first);
  await first.close();
  await using second = await startServer({ ESIM_DATA_DIR: first.dataDir });
  for (const url of ['http://example.com/', 'https://10.0.0.1/', 'https://localhost/', 'https://[::1]/'])
    await assert.rejects(second.api.createWebhook({ url }), refusedWith('invalid_value'), url);
  await second.api.testWebhook(hook.id);
  const newest = async () => (await second.api.listWebhookDeliveries(hook.id)).data.deliveries[0];
  await until(
    async () => ((await newest())?.attempts ?? 0) > 0 && (await newest())?.last_error !== undefined,
  );
  assert.match((await newest())?.last_error ?? '', /not allowed/);
  assert.deepEqual(receiver.received, []);
  await first[Symbol.asyncDispose]();
});

test('a redirect is not followed', async () => {
  await using elsewhere = await startReceiver();
  await using receiver = await startReceiver();
  receiver.answer = (response) => void response.writeHead(307, { location: elsewhere.url }).end();
  const hook = await hooked(receiver);
  await server.api.testWebhook(hook.id);
  await until(async () => (await logOf(hook.id))[0]?.last_error !== undefined);
  assert.equal((await logOf(hook.id))[0]?.last_error, 'answered 307: redirects are not followed');
  assert.deepEqual(elsewhere.received, []);
  await server.api.deleteWebhook(hook.id);
});

test('while its secret is rotated, messages are signed with the old and the new one', async () => {
  await using receiver = await startReceiver();
  const { id, secret } = await hooked(receiver);
  const { data: rotated } = await server.api.rotateWebhookSecret(id);
  assert.notEqual(rotated.secret, secret);
  assert.ok(Date.parse(rotated.previous_secret_expires_at ?? '') > Date.now() + 86_000_000);
  await server.api.testWebhook(id);
  const [one] = await receiver.count(1);
  for (const by of [secret, rotated.secret])
    assert.equal((await opened(one ?? assert.fail(), by)).type, 'webhook.test');
  for (const shown of [await server.api.getWebhook(id), await server.api.listWebhooks()])
    assert.ok(!JSON.stringify(shown).includes('whsec_'));
});

test('a delivery is replayed under the same id', async () => {
  await using receiver = await startReceiver();
  const hook = await hooked(receiver, { events: ['profile.released'] });
  await released(server);
  await until(async () => (await logOf(hook.id))[0]?.state === 'delivered');
  const [first] = await logOf(hook.id);
  await server.api.replayWebhookDelivery(hook.id, first?.id ?? 0);
  const [one, again] = await receiver.count(2);
  assert.deepEqual([again?.headers['webhook-id'], again?.body], [one?.headers['webhook-id'], one?.body]);
  assert.equal((await logOf(hook.id)).length, 2);
});

test('a webhook whose receiver is gone is disabled with its reason, and can be enabled again', async () => {
  await using receiver = await startReceiver();
  receiver.answer = (response) => void response.writeHead(410).end();
  const { id } = await hooked(receiver);
  await server.api.testWebhook(id);
  await until(async () => (await server.api.getWebhook(id)).data.disabled);
  const { data } = await server.api.getWebhook(id);
  assert.equal(data.disabled_reason, 'answered 410 Gone: the receiver wants no more events');
  assert.equal((await logOf(id))[0]?.state, 'skipped');
  await assert.rejects(server.api.testWebhook(id), refusedWith('webhook_disabled'));
  const count = receiver.received.length;
  await released(server);
  receiver.answer = (response) => void response.writeHead(204).end();
  assert.equal((await server.api.updateWebhook(id, { disabled: false })).data.disabled, false);
  await server.api.testWebhook(id);
  await receiver.count(count + 1);
  assert.deepEqual(receiver.received.map(typeIn), ['webhook.test', 'webhook.test']);
  await server.api.deleteWebhook(id);
  await assert.rejects(server.api.getWebhook(id), refusedWith('webhook_not_found'));
});
