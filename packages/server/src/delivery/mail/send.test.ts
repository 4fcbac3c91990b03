import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { after, beforeEach, test } from 'node:test';
import { LOGIN, startMailServer } from '../../../../../test/harness/mail-server.ts';
import { checkSmtpServer, sendMail } from './send.ts';
import type { SmtpServer, SmtpTls } from './smtp-server.ts';

const mailServer = await startMailServer();
const { answers, received } = mailServer;
after(() => mailServer[Symbol.asyncDispose]());
beforeEach(() => {
  received.length = 0;
  for (const name of Object.keys(answers)) delete answers[name as keyof typeof answers];
});

const TO = 'anna@example.com';
const message = Buffer.from(
  'Message-ID: <1@example.com>\r\nSubject: one\r\n\r\nhttps://host/i/SECRET-TOKEN\r\n',
);
const never = new AbortController().signal;

function serverWith(tls: SmtpTls, more: Partial<SmtpServer> = {}): SmtpServer {
  return { host: 'localhost', port: mailServer.port, tls, ca: mailServer.ca, ...more };
}

const send = (server: SmtpServer, timeoutMs = 15_000, signal = never) =>
  sendMail(server, { from: 'esim@example.com', to: TO, message }, signal, timeoutMs);

test('a mail is sent over STARTTLS, with the login', async () => {
  assert.deepEqual(await send(serverWith('required', { login: LOGIN })), { state: 'delivered', status: 250 });
  const [mail] = received;
  assert.deepEqual([mail?.from, mail?.to, mail?.isSecure], ['esim@example.com', [TO], true]);
  assert.equal(mail?.user, LOGIN.user);
});

test('without a login, STARTTLS is used if it is offered; off means off', async () => {
  await send(serverWith('optional'));
  await send(serverWith('off'));
  assert.deepEqual(
    received.map(({ isSecure }) => isSecure),
    [true, false],
  );
});

test('TLS from the first byte', async () => {
  await using direct = await startMailServer({ secure: true });
  const server = serverWith('direct', { port: direct.port, ca: direct.ca });
  assert.equal((await send(server)).state, 'delivered');
  assert.equal(direct.received[0]?.isSecure, true);
});

test('a certificate of an unknown authority, or for another name, is refused, and nothing is sent', async () => {
  const { ca: _, ...stranger } = serverWith('required', { login: LOGIN });
  await using other = await startMailServer({}, 'mail.example.com');
  const renamed = serverWith('required', { port: other.port, ca: other.ca, login: LOGIN });
  for (const server of [stranger, renamed, { ...renamed, host: '127.0.0.1' }]) {
    const outcome = await send(server);
    assert.equal(outcome.state, 'refused');
    assert.match(JSON.stringify(outcome), /TLS with the mail server failed: /);
    assert.doesNotMatch(JSON.stringify(outcome), /Node/);
    if (server === stranger) assert.match(JSON.stringify(outcome), /: set ESIM_SMTP_CA /);
  }
  assert.deepEqual([received.length, other.received.length], [0, 0]);
});

test('a server without STARTTLS gets nothing if TLS is required', async () => {
  await using plain = await startMailServer({ disabledCommands: ['STARTTLS'] });
  const outcome = await send(serverWith('required', { port: plain.port, login: LOGIN }));
  assert.deepEqual(outcome, {
    state: 'refused',
    status: 500,
    error: 'the mail server offers no STARTTLS: see ESIM_SMTP_STARTTLS',
  });
  assert.equal(plain.received.length, 0);
});

test('a wrong login and a refused sender wait for a correction, and no password is in the error', async () => {
  const wrong = await send(serverWith('required', { login: { user: 'esim', password: 'wrong-password' } }));
  assert.deepEqual(wrong, {
    state: 'refused',
    status: 535,
    error: 'the mail server refuses the login (535): check user and password of ESIM_SMTP_URL',
  });
  answers.sender = 553;
  const sender = await send(serverWith('required'));
  assert.equal(sender.state, 'refused');
  assert.match(JSON.stringify(sender), /refuses the sender \(553 .*check ESIM_MAIL_FROM/);
});

test('4xx is tried again; 5xx of the recipient or the message ends it, and the error has no address and no text of the mail', async () => {
  answers.recipient = 450;
  assert.equal((await send(serverWith('required'))).state, 'refused');
  answers.recipient = 550;
  const unknown = await send(serverWith('required'));
  assert.equal(unknown.state, 'rejected');
  assert.match(JSON.stringify(unknown), /refuses the recipient \(550 /);
  assert.ok(!JSON.stringify(unknown).includes(TO));
  delete answers.recipient;
  answers.message = 452;
  assert.equal((await send(serverWith('required'))).state, 'refused');
  answers.message = 554;
  const refused = await send(serverWith('required'));
  assert.equal(refused.state, 'rejected');
  assert.match(JSON.stringify(refused), /refuses the message \(554/);
  assert.ok(!JSON.stringify(refused).includes('SECRET-TOKEN'));
});

test('a server that hangs, cuts the connection, or is not there, is tried again', async () => {
  answers.message = 'hang';
  assert.deepEqual(await send(serverWith('required'), 1500), {
    state: 'refused',
    error: 'the mail server did not answer in time',
  });
  answers.message = 'cut';
  assert.deepEqual(await send(serverWith('required')), {
    state: 'refused',
    error: 'the connection to the mail server broke',
  });
  const silent = createServer((socket) => socket.resume()).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { port } = silent.address() as AddressInfo;
  assert.equal((await send(serverWith('optional', { port }), 500)).state, 'refused');
  silent.close();
  await once(silent, 'close').catch(() => undefined);
  assert.deepEqual(await send(serverWith('optional', { port })), {
    state: 'refused',
    error: 'nothing accepts connections at the address of the mail server',
  });
  const nowhere = await send(serverWith('optional', { host: 'mail.invalid' }));
  assert.match(JSON.stringify(nowhere), /could not be looked up/);
});

test('a server that stops interrupts the attempt', async () => {
  answers.message = 'hang';
  const stop = new AbortController();
  const sending = send(serverWith('required'), 15_000, stop.signal);
  const isStopped = assert.rejects(sending, /the server stops/);
  while (received.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  stop.abort(new Error('the server stops'));
  await isStopped;
});

test('the check at the start logs in and sends nothing', async () => {
  assert.equal(await checkSmtpServer(serverWith('required', { login: LOGIN }), 15_000), undefined);
  assert.match(
    (await checkSmtpServer(serverWith('required', { login: { user: 'a', password: 'b' } }), 15_000)) ?? '',
    /refuses the login/,
  );
  assert.equal(received.length, 0);
});
