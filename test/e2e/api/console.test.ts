import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { esimWithEmptyServer } from '../../harness/esim-with-server.ts';
import { startMailServer } from '../../harness/mail-server.ts';

/** docs/guide/console.md: its commands are run as they are there, and what they promise is tried. */

const mailServer = await startMailServer();
after(() => mailServer[Symbol.asyncDispose]());
const { server, env, esim } = await esimWithEmptyServer({
  ESIM_SMTP_URL: `smtp://127.0.0.1:${mailServer.port}`,
  ESIM_SMTP_STARTTLS: 'off',
  ESIM_MAIL_FROM: 'Example eSIM <esim@example.com>',
});
const guide = readFileSync(join(import.meta.dirname, '../../../docs/guide/console.md'), 'utf8');
const commands = [...guide.matchAll(/^ {4}esim (.+)$/gm)].map(([, line = '']) => line.split(' '));
const SESSION = `${server.restUrl}/api/v1/esim/session`;

const signIn = (body: object) =>
  fetch(SESSION, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
const cookieOf = (response: Response) => String(response.headers.get('set-cookie')).split(';')[0] ?? '';

test('each link of the guide signs in once, with the session that the guide describes', async () => {
  const links = commands.filter(([group, name]) => group === 'console' && name === 'link');
  assert.equal(links.length, 2);
  for (const command of links) {
    const { code, out, err } = await esim(...command);
    assert.equal(code, 0, err);
    const [, base, ticket] = /^(.+)\/console\/enter#(\S+)\n$/.exec(out) ?? [];
    assert.equal(base, command.includes('--url') ? 'https://rsp.example.com' : server.restUrl);
    const answer = await signIn({ ticket });
    assert.equal(answer.status, 201);
    const session = (await answer.json()) as Record<string, unknown>;
    assert.deepEqual([session.account_id, session.role, session.demo], [env.ESIM_USER_ID, 'admin', false]);
    assert.equal((await signIn({ ticket })).status, 401);
    const shown = await fetch(SESSION, { headers: { cookie: cookieOf(answer) } });
    assert.deepEqual(await shown.json(), session);
  }
});

/** The link of an invitation in a mail; the lines of a mail are folded. */
function linkIn(raw: string): string {
  const text = raw.replaceAll('=\r\n', '').replaceAll('=3D', '=');
  const [link] = /http\S+\/console\/accept#[\w-]{43}/.exec(text) ?? [];
  return link ?? assert.fail(raw);
}

test('people are invited, accept, change and go with the commands of the guide', async () => {
  const people = commands.filter(([group]) => group === 'person');
  const names = people.map(([, name]) => name);
  assert.deepEqual(names, [
    ...['create', 'list', 'invite', 'invite', 'update', 'update', 'sign-out', 'passkeys', 'delete'],
  ]);
  const password = 'correct horse battery staple';
  for (const command of people) {
    const { code, out, err } = await esim(...command);
    assert.equal(code, 0, err);
    if (command[1] === 'list') assert.match(out, /ada@example\.com\s+Ada\s+support\s+invited/);
    if (command[1] === 'passkeys') assert.match(err, /people create their own in the console/);
    if (command[1] !== 'invite') continue;
    const link = command.includes('--mail') ? linkIn(mailServer.received[0]?.raw ?? '') : out.trim();
    const [base, ticket] = link.split('/console/accept#');
    assert.equal(base, server.restUrl);
    const answer = await signIn({ ticket, password });
    assert.equal(((await answer.json()) as { role: string }).role, 'support');
  }
  assert.equal((await signIn({ email: 'ada@example.com', password })).status, 401);
  const { out } = await esim('person', 'list', '--json');
  assert.deepEqual(JSON.parse(out), []);
});

test('an invitation that is mailed again ends the earlier one; what is wrong is said', async () => {
  const invited = await esim('person', 'create', 'eve@example.com', '--name', 'Eve', '--role', 'viewer');
  const earlier = invited.out.trim().split('#')[1];
  mailServer.received.length = 0;
  const invite = (...more: string[]) => esim('person', 'invite', 'Eve@example.com', ...more);
  const mailed = await invite('--mail', '--language', 'de', '--json');
  assert.deepEqual([mailed.code, mailed.err], [0, '']);
  const { type, state } = JSON.parse(mailed.out) as { type: string; state: string };
  assert.deepEqual([type, state], ['invitation', 'delivered']);
  const [mail = assert.fail()] = mailServer.received;
  assert.deepEqual(mail.to, ['eve@example.com']);
  assert.match(mail.raw, /^Content-Language: de\r$/m);
  const password = 'another long sentence';
  assert.equal((await signIn({ ticket: earlier, password })).status, 401);
  const ticket = linkIn(mail.raw).split('#')[1] ?? '';
  assert.ok(!mailed.out.includes(ticket), 'only the mail has the link');
  assert.equal((await signIn({ ticket, password })).status, 201);

  mailServer.answers.recipient = 550;
  const refused = await invite('--mail');
  delete mailServer.answers.recipient;
  assert.equal(refused.code, 1);
  assert.match(refused.err, /invitation has not arrived: the mail server refuses the recipient \(550 /);
  const alone = await invite('--language', 'de');
  assert.deepEqual([alone.code, /--language needs --mail/.test(alone.err)], [2, true]);
  const unknown = await esim('person', 'invite', 'nobody@example.com', '--mail');
  assert.deepEqual([unknown.code, /there is no person nobody@example\.com/.test(unknown.err)], [1, true]);
});

test('passkeys of a person are listed, and one is deleted only if there is one', async () => {
  await esim('person', 'create', 'max@example.com', '--name', 'Max', '--role', 'viewer');
  const listed = await esim('person', 'passkeys', 'max@example.com', '--json');
  assert.deepEqual([listed.code, JSON.parse(listed.out)], [0, []]);
  const none = await esim('person', 'delete-passkey', 'max@example.com', 'passkey-0c7be1f2a9d34568');
  assert.equal(none.code, 1);
  assert.match(none.err, /passkey/);
  const idle = await esim('person', 'update', 'max@example.com');
  assert.deepEqual([idle.code, /there is nothing to update/.test(idle.err)], [2, true]);
});

test('the search of the guide finds a profile by its numbers', async () => {
  const searches = commands.filter(([group, name]) => group === 'profile' && name === 'find');
  assert.equal(searches.length, 2);
  const parameters = {
    imsi: '001010000000001',
    ki: '00'.repeat(16),
    opc: '11'.repeat(16),
    msisdn: '+4915123456789',
  };
  await server.api.createEUICCProfile(
    { parameters: { ...parameters, iccid: '8900101000000000019' } },
    { userId: env.ESIM_USER_ID, apiKey: env.ESIM_API_KEY },
  );
  for (const command of searches) {
    const { code, out, err } = await esim(...command);
    assert.equal(code, 0, err);
    assert.match(out, /8900101000000000019 +AVAILABLE/);
  }
  const none = await esim('profile', 'find', '8999999999');
  assert.deepEqual([none.code, none.err.includes('no profile has this number')], [0, true]);
});

test('the overview of the guide counts, and the key of the guide sees the accounts', async () => {
  const overviews = commands.filter(([group]) => group === 'overview');
  assert.equal(overviews.length, 2);
  for (const command of overviews) {
    const { code, out, err } = await esim(...command);
    assert.equal(code, 0, err);
    assert.match(out, command.includes('--json') ? /"by": ?"hour"/ : /^downloads {2}0 succeeded, 0 failed/m);
  }
  const [command = assert.fail()] = commands.filter(([group, name]) => group === 'key' && name === 'create');
  const made = await esim(...command.map((word) => (word === 'operator' ? env.ESIM_USER_ID : word)));
  assert.equal(made.code, 0, made.err);
  const caller = { userId: env.ESIM_USER_ID, apiKey: made.out.trim() };
  await assert.rejects(server.api.listAccounts({ ...caller, apiKey: env.ESIM_API_KEY }), { status: 403 });
  const { data } = await server.api.listAccounts(caller);
  assert.deepEqual(
    data.accounts.map(({ account_id }) => account_id),
    [env.ESIM_USER_ID],
  );
});

test('a stream of events ends when its session does', async () => {
  const answer = await signIn({ account_id: env.ESIM_USER_ID, api_key: env.ESIM_API_KEY });
  const headers = { cookie: cookieOf(answer), accept: 'text/event-stream' };
  const stream = await fetch(`${server.restUrl}/api/v1/esim/events`, { headers });
  assert.equal(stream.status, 200);
  const end = await fetch(SESSION, {
    method: 'DELETE',
    headers: { ...headers, 'sec-fetch-site': 'same-origin' },
  });
  assert.equal(end.status, 204);
  assert.match(await stream.text(), /: the API key or the session of this stream is not valid any more\n\n$/);
});

test('links and sessions are in the audit log, and no ticket or token is', async () => {
  const { out: link } = await esim('console', 'link', '--json');
  const { link: url, expires_at } = JSON.parse(link);
  const ticket = url.split('#')[1];
  const answer = await signIn({ ticket });
  assert.ok(Math.abs(Date.parse(expires_at) - Date.now() - 600_000) < 300_000);
  const token = cookieOf(answer).split('=')[1] ?? 'none';
  const { out } = await esim('audit', '--all', '--json');
  for (const operation of ['esim console link', 'createSession', 'deleteSession'])
    assert.ok(out.includes(`"${operation}"`), operation);
  for (const secret of [ticket, token]) assert.ok(!out.includes(secret));
});

test('a command says what to do when there is no key that it can use', async () => {
  const { code, err } = await esim('console', 'link', '--key', '0000000000000000');
  assert.equal(code, 1);
  assert.match(err, /no valid key 0000000000000000: 'esim key list' shows the keys/);
});
