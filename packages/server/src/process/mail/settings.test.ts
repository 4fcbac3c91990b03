import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { describeSmtpServer } from '../../delivery/mail/smtp-server.ts';
import { ConfigError, readConfig } from '../config.ts';

const from = { ESIM_MAIL_FROM: 'Example <esim@example.com>' };
const mailOf = (env: Record<string, string>) => readConfig({ ...from, ...env }).mail;

function problemsOf(env: Record<string, string>): string {
  try {
    readConfig(env);
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error));
    return error.problems.join('\n');
  }
  return '';
}

test('without a URL there is no mail; with a user, STARTTLS is required', () => {
  assert.equal(readConfig({}).mail, undefined);
  const mail = mailOf({ ESIM_SMTP_URL: 'smtp://es%40im:p%2Fw%25@mail.example.com' });
  assert.deepEqual(mail?.server, {
    host: 'mail.example.com',
    port: 587,
    tls: 'required',
    login: { user: 'es@im', password: 'p/w%' },
  });
  assert.deepEqual([mail?.from, mail?.perMinute], [{ address: 'esim@example.com', name: 'Example' }, 120]);
  assert.equal(mailOf({ ESIM_SMTP_URL: 'smtp://10.0.0.1:25' })?.server.tls, 'optional');
  assert.equal(mailOf({ ESIM_SMTP_URL: 'smtps://[::1]' })?.server.host, '::1');
  assert.deepEqual(
    [mailOf({ ESIM_SMTP_URL: 'smtps://mail.example.com' })?.server].map((one) => [one?.port, one?.tls]),
    [[465, 'direct']],
  );
});

test('the password can be in a file, and no text for people has it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'esim-mail-'));
  try {
    const file = join(folder, 'password');
    writeFileSync(file, 'hush hush\n');
    const mail = mailOf({
      ESIM_SMTP_URL: 'smtp://esim@mail.example.com',
      ESIM_SMTP_PASSWORD_FILE: file,
    });
    assert.deepEqual(mail?.server.login, { user: 'esim', password: 'hush hush' });
    assert.equal(
      describeSmtpServer(mail?.server ?? assert.fail()),
      'mail.example.com:587 (STARTTLS, with login)',
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('settings that do not fit are refused with what is expected, without the password', () => {
  const url = 'smtp://esim:hush-hush@mail.example.com';
  for (const [env, message] of [
    [{ ESIM_SMTP_URL: url }, /ESIM_MAIL_FROM is not set/],
    [from, /ESIM_MAIL_FROM is set without ESIM_SMTP_URL/],
    [{ ...from, ESIM_SMTP_URL: 'smtp://esim@mail.example.com' }, /user without a password/],
    [{ ...from, ESIM_SMTP_URL: 'smtp://mail.example.com', ESIM_SMTP_PASSWORD: 'hush-hush' }, /no user/],
    [{ ...from, ESIM_SMTP_URL: url, ESIM_SMTP_PASSWORD: 'hush-hush' }, /one of them is expected/],
    [{ ...from, ESIM_SMTP_URL: url, ESIM_SMTP_STARTTLS: 'off' }, /would send a password without TLS/],
    [{ ...from, ESIM_SMTP_URL: url, ESIM_SMTP_STARTTLS: 'optional' }, /would send a password without TLS/],
    [{ ...from, ESIM_SMTP_URL: 'smtps://mail.example.com', ESIM_SMTP_STARTTLS: 'off' }, /smtp:\/\/ only/],
    [{ ...from, ESIM_SMTP_URL: url, ESIM_SMTP_CA: '/nowhere/ca.pem' }, /can be read is expected \(ENOENT\)/],
    [{ ...from, ESIM_SMTP_URL: 'smtp://esim:hush-hush%@mail.example.com' }, /ESIM_SMTP_URL is not usable/],
    [{ ...from, ESIM_SMTP_URL: 'smtp://mail.example.com/?hush-hush' }, /ESIM_SMTP_URL is not usable/],
  ] as const) {
    const problems = problemsOf(env);
    assert.match(problems, message);
    assert.ok(!problems.includes('hush-hush'), problems);
  }
  const local = { ...from, ESIM_SMTP_URL: 'smtp://esim:pw@localhost:1025', ESIM_SMTP_STARTTLS: 'off' };
  assert.equal(problemsOf(local), '');
});
