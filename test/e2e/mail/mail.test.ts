import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { esimWithEmptyServer } from '../../harness/esim-with-server.ts';
import { LOGIN, startMailServer } from '../../harness/mail-server.ts';
import { startReceiver, until } from '../../harness/receiver.ts';
import { startServer } from '../../harness/server.ts';

/** Mail from the command line to a real SMTP server; the commands of docs/guide/mail.md, as they are there. */

const mailServer = await startMailServer();
const folder = mkdtempSync(join(tmpdir(), 'esim-mail-'));
writeFileSync(join(folder, 'ca.pem'), mailServer.ca);
writeFileSync(join(folder, 'password'), `${LOGIN.password}\n`);
const settings = {
  ESIM_SMTP_URL: `smtp://${LOGIN.user}@localhost:${mailServer.port}`,
  ESIM_SMTP_PASSWORD_FILE: join(folder, 'password'),
  ESIM_SMTP_CA: join(folder, 'ca.pem'),
  ESIM_MAIL_FROM: 'Example eSIM <esim@example.com>',
  ESIM_WEBHOOK_ALLOW_PRIVATE: '1',
  ESIM_MAIL_ALERTS_TO: 'ops@example.com',
  ESIM_LOG_LEVEL: 'debug',
};
after(async () => {
  await mailServer[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});
const { cwd, server, esim } = await esimWithEmptyServer(settings);

const guide = readFileSync(join(import.meta.dirname, '../../../docs/guide/mail.md'), 'utf8');
const commands = [...guide.matchAll(/^\$ npx esim (.*)$/gm)].map(([, line = '']) => line);

/** The words of a command line, as a shell reads them. */
function wordsOf(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}

test('the start says that the mail server works, and prints no password', () => {
  const line = `Mail        localhost:${mailServer.port} (STARTTLS, with login), from esim@example.com: works`;
  assert.ok(server.output().includes(line), server.output());
  assert.ok(!server.output().includes(LOGIN.password));
});

test('the commands of the guide do what it says', async () => {
  writeFileSync(join(cwd, 'test.txt'), 'Guten Tag,\n\nein Test von {{account}}.\n');
  writeFileSync(join(cwd, 'test.html'), '<p>ein Test von {{account}}</p>');
  assert.ok(commands.length >= 8, commands.join('\n'));
  for (const line of commands) {
    const { code, err } = await esim(...wordsOf(line));
    assert.equal(code, 0, `${line}: ${err}`);
  }
  const [first, again] = mailServer.received;
  assert.deepEqual(first?.to, ['anna@example.com']);
  assert.equal(first?.user, LOGIN.user);
  assert.notEqual(first?.messageId, again?.messageId, 'a replay is a new mail');
});

test('an invitation is mailed with a link that works once, and that the outbox does not have', async () => {
  mailServer.received.length = 0;
  const { api, restUrl } = server;
  const { data: person } = await api.createPerson({ name: 'Ada', email: 'ada@example.com', role: 'viewer' });
  await api.mailInvitation(person.id, { language: 'de' });
  await until(() => mailServer.received.length === 1);
  const [mail = assert.fail()] = mailServer.received;
  assert.deepEqual(mail.to, ['ada@example.com']);
  assert.match(mail.raw, /^Content-Language: de\r$/m);
  const text = mail.raw.replaceAll('=\r\n', '').replaceAll('=3D', '=');
  const [link = '', ticket = ''] = /http\S+\/console\/accept#([\w-]{43})/.exec(text) ?? [];
  assert.ok(link.startsWith(restUrl), mail.raw);
  const accept = (one: string) =>
    api.createSession({ ticket: one, password: 'correct horse battery staple' }, { retries: 0 });
  await assert.rejects(
    accept(person.invitation.ticket),
    { code: 'unauthorized' },
    'the earlier one has ended',
  );
  const { data: deliveries } = await api.listMailDeliveries({});
  assert.ok(!JSON.stringify(deliveries).includes(ticket));
  assert.equal((await accept(ticket)).data.person?.id, person.id);
  await assert.rejects(accept(ticket), { code: 'unauthorized' });
  assert.ok(!server.log().includes(ticket));
});

test('what is wrong is said by the command, and nothing secret is in the log', async () => {
  mailServer.answers.sender = 553;
  const sender = await esim('mail', 'test', 'bert@example.com');
  assert.equal(sender.code, 1);
  assert.match(sender.err, /test has not arrived: the mail server refuses the sender \(553 .*ESIM_MAIL_FROM/);
  delete mailServer.answers.sender;
  mailServer.answers.recipient = 550;
  const unknown = await esim('mail', 'test', 'carl@example.com');
  assert.match(unknown.err, /test has not arrived: the mail server refuses the recipient \(550 /);
  delete mailServer.answers.recipient;
  for (const args of [
    ['test', 'nobody'],
    ['template', 'show', 'nothing', 'de'],
    ['template', 'show', 'test', 'german'],
  ])
    assert.notEqual((await esim('mail', ...args)).code, 0, args.join(' '));
  const log = server.log();
  assert.match(log, /"kind":"mail"/);
  for (const secret of [
    LOGIN.password,
    encodeURIComponent(LOGIN.password),
    'anna@',
    'bert@',
    'carl@',
    'smtp://',
  ])
    assert.ok(!log.includes(secret), secret);
});

test('alerts about a disabled webhook and about low stock come by mail, once', async () => {
  const to = 'alerts@example.com';
  assert.equal((await esim('mail', 'recipient', 'set', to, '--language', 'de')).code, 0);
  const { receiver, id } = await goneReceiver();
  await using _ = receiver;
  await server.api.testWebhook(id);
  const arrived = (text: string) =>
    mailServer.received.filter((mail) => mail.to.includes(to) && mail.raw.includes(text)).length;
  await until(() => arrived(id) === 1);
  await server.api.updateProfileType('gold', { low_stock_at: 5 });
  await until(() => arrived('gold') === 1);
  assert.deepEqual([arrived(id), arrived('gold')], [1, 1]);
});

/** A webhook whose receiver wants no more events. */
async function goneReceiver() {
  const receiver = await startReceiver();
  receiver.answer = (response) => void response.writeHead(410).end();
  const { data } = await server.api.createWebhook({ url: receiver.url });
  return { receiver, id: data.id };
}

test('a mail whose acceptance was not recorded is sent again after kill -9, with the same Message-ID', async () => {
  const dataDir = join(folder, 'data');
  const arrived = () => mailServer.received.filter(({ to }) => to.includes('dora@example.com'));
  mailServer.answers.message = 'hang'; // the mail has arrived, and its answer has not
  const first = await startServer({ ...settings, ESIM_DATA_DIR: dataDir });
  try {
    await first.api.sendTestMail({ to: 'dora@example.com' });
    await until(() => arrived().length === 1);
  } finally {
    await first.kill();
  }
  delete mailServer.answers.message;
  const second = await startServer({ ...settings, ESIM_DATA_DIR: dataDir });
  try {
    await until(
      async () => (await second.api.listMailDeliveries()).data.deliveries[0]?.state === 'delivered',
    );
    const ids = arrived().map(({ messageId }) => messageId);
    assert.deepEqual([ids.length, new Set(ids).size], [2, 1], ids.join());
  } finally {
    await second.close();
  }
});

test('a server whose mail server is away starts, says so, and keeps the mail', async () => {
  const away = { ...settings, ESIM_SMTP_URL: 'smtp://127.0.0.1:9', ESIM_SMTP_PASSWORD_FILE: '' };
  await using other = await startServer(away);
  assert.match(other.output(), /Mail .*127\.0\.0\.1:9 .*: nothing accepts connections/);
  await other.api.sendTestMail({ to: 'emil@example.com' });
  const newest = async () => (await other.api.listMailDeliveries()).data.deliveries[0];
  await until(async () => (await newest())?.last_error !== undefined);
  assert.equal((await newest())?.state, 'pending');
});
