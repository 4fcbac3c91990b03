import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startMailServer } from '../../../../../test/harness/mail-server.ts';
import type { Delivery } from '../../store/ports/outbox.ts';
import { openMemoryStore } from '../../store/sqlite/memory.harness.ts';
import { startDelivery } from '../deliver.ts';
import { mailChannel } from './channel.ts';
import { type NewMail, newMail } from './new-mail.ts';

const TOKEN = 'TOKEN-0123456789abcdef';
const mailServer = await startMailServer();
const store = await openMemoryStore();
await store.addAccount({ id: 'lab', name: 'Läbor & Söhne', createdAt: 1 });
const log: string[] = [];
const write = (text: string, fields?: object) => void log.push(`${text} ${JSON.stringify(fields)}`);
let secrets: Readonly<Record<string, string>> | undefined = { account: TOKEN };
const channel = mailChannel(store, {
  server: { host: 'localhost', port: mailServer.port, tls: 'required', ca: mailServer.ca },
  from: { address: 'esim@example.com', name: 'Grüße, Inc.' },
  perMinute: 6000,
  timeoutMs: 15_000,
  secretValues: { test: async () => secrets },
});
const stop = startDelivery({
  store,
  channels: [channel],
  node: 'one',
  log: { debug: write, info: write, warn: write, error: write } as never,
});
after(async () => {
  await stop();
  await store.close();
  await mailServer[Symbol.asyncDispose]();
});
beforeEach(() => {
  mailServer.received.length = 0;
  secrets = { account: TOKEN };
  for (const name of Object.keys(mailServer.answers))
    delete mailServer.answers[name as keyof typeof mailServer.answers];
});

const usual = { kind: 'test', to: 'anna@example.com', language: 'en', account: 'lab' } as const;

/** Puts a mail into the outbox. */
const put = (members: Partial<NewMail> = {}) =>
  store.addDelivery(newMail({ ...usual, createdAt: Date.now(), ...members }));

/** Waits until a delivery is as expected. */
async function until(id: number, isDone: (delivery: Delivery) => boolean): Promise<Delivery> {
  for (;;) {
    const found = (await store.delivery(id)) ?? assert.fail();
    if (isDone(found)) return found;
    await sleep(20);
  }
}
const settled = (id: number) => until(id, ({ state }) => state !== 'pending');

test('a mail has the text of the account in its language, in UTF-8, and one recipient', async () => {
  const template = {
    account: 'lab',
    kind: 'test',
    language: 'de',
    subject: 'Grüße von {{account}} – „Test“',
    text: 'Schöne Grüße: {{account}}\n',
    html: '<p>Schöne Grüße: {{account}}</p>',
    changedAt: 1,
  };
  await store.putMailTemplate(template, 9);
  const { id } = await put({ language: 'de-AT', to: 'bert@example.com' });
  assert.equal((await settled(id)).state, 'delivered');
  const [mail] = mailServer.received;
  assert.deepEqual([mail?.from, mail?.to], ['esim@example.com', ['bert@example.com']]);
  const raw = mail?.raw ?? '';
  assert.match(raw, /^Content-Language: de-AT$/m);
  assert.match(raw, /^Auto-Submitted: auto-generated$/m);
  assert.match(raw, /^To: bert@example\.com$/m);
  const [head = ''] = raw.split('\r\n\r\n');
  assert.match(head, /^Subject: =\?UTF-8\?[QB]\?/m);
  assert.ok(
    [...head].every((one) => one.charCodeAt(0) < 128),
    head,
  );
  assert.match(raw, /multipart\/alternative/);
  await store.deleteMailTemplate(template);
});

test('a mail that the server cannot take now is tried again, and repeats have the same Message-ID', async () => {
  mailServer.answers.message = 'cut';
  const { id } = await put();
  await until(id, ({ lastError }) => lastError !== undefined);
  mailServer.answers.message = 451;
  const again = await until(id, ({ lastStatus }) => lastStatus === 451);
  assert.equal(again.state, 'pending');
  delete mailServer.answers.message;
  const { state, lastStatus, attempts } = await settled(id);
  assert.deepEqual([state, lastStatus], ['delivered', 250]);
  assert.equal(mailServer.received.length, attempts);
  assert.ok(attempts >= 3);
  const ids = new Set(mailServer.received.map(({ messageId }) => messageId));
  assert.equal(ids.size, 1);
  assert.match([...ids].join(), /^<esim-rsp\.\d+\.\d+@example\.com>$/);
});

test('a mail that is refused for good is not tried again', async () => {
  mailServer.answers.recipient = 550;
  const { id } = await put();
  const { state, attempts, lastStatus } = await settled(id);
  assert.deepEqual([state, attempts, lastStatus], ['failed', 1, 550]);
});

test('a secret is in the mail only: not in the delivery, and in no log line', async () => {
  mailServer.answers.message = 554; // its answer repeats the end of the message
  const refused = await put({ facts: { note: 'plain' } });
  await settled(refused.id);
  delete mailServer.answers.message;
  const sent = await put();
  await settled(sent.id);
  assert.ok(mailServer.received.every(({ raw }) => raw.includes(TOKEN)));
  const { items } = await store.deliveries({ kind: 'mail', account: 'lab', count: 99 });
  assert.ok(items.some(({ id }) => id === sent.id));
  const shown = JSON.stringify(items) + log.join('\n');
  assert.ok(!shown.includes(TOKEN));
  assert.ok(!log.join('\n').includes('@example.com'), 'the address of a person is in the log');
});

test('a mail about something that is gone is not sent', async () => {
  secrets = undefined;
  const { id } = await put();
  const { state, lastError } = await settled(id);
  assert.deepEqual([state, lastError], ['skipped', 'what the mail is about does not exist any more']);
  const unknown = await store.addDelivery({ ...newMail({ ...usual, createdAt: 1 }), type: 'later_kind' });
  assert.equal((await settled(unknown.id)).state, 'skipped');
  assert.equal(mailServer.received.length, 0);
});
