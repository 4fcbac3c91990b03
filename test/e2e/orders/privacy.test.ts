import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { sendNotifications } from '@esim-rsp/euicc';
import { esimWithEmptyServer } from '../../harness/esim-with-server.ts';
import { startMailServer } from '../../harness/mail-server.ts';
import { downloadBy, newPhone } from '../../harness/phone.ts';
import { released } from '../../harness/profiles.ts';
import { until } from '../../harness/receiver.ts';

/** docs/guide/privacy.md: its commands are run as they are there, and its table names every table that has an ICCID or an EID. */

const mailServer = await startMailServer();
after(() => mailServer[Symbol.asyncDispose]());
const { cwd, server, esim } = await esimWithEmptyServer({
  ESIM_SMTP_URL: `smtp://localhost:${mailServer.port}`,
  ESIM_SMTP_STARTTLS: 'off',
  ESIM_MAIL_FROM: 'esim@example.com',
});
const guide = readFileSync(join(import.meta.dirname, '../../../docs/guide/privacy.md'), 'utf8');
const database = () => new DatabaseSync(join(cwd, 'data', 'esim.db'), { readOnly: true, timeout: 10_000 });

function commandsOf(title: string): string[][] {
  const section = guide.split(/^## /m).find((one) => one.startsWith(`${title}\n`)) ?? '';
  return [...section.matchAll(/^ {4}esim (.+)$/gm)].map(([, line = '']) => line.split(' '));
}

/** The tables that have a text somewhere. */
function tablesWith(text: string): string[] {
  using db = database();
  const tables = db.prepare("select name from sqlite_schema where type = 'table'").all() as {
    name: string;
  }[];
  return tables
    .map(({ name }) => name)
    .filter((name) =>
      db
        .prepare(`select * from "${name}"`)
        .all()
        .some((row) => Object.values(row).some((value) => typeof value === 'string' && value.includes(text))),
    )
    .toSorted();
}

test('a customer is found, exported and erased with the commands of the guide', async () => {
  await using phone = await newPhone(server);
  const { iccid, activationCode } = await released(server);
  await downloadBy(phone, activationCode);
  await sendNotifications(phone.env);
  const link = await esim('profile', 'link', iccid, '--json');
  const wordsOfCustomer = 'my old phone is at the office';
  const asked = await fetch(`${JSON.parse(link.out).url}/help`, {
    method: 'POST',
    body: new URLSearchParams({ message: wordsOfCustomer }),
  });
  assert.equal(asked.status, 200, await asked.text());
  const shown = JSON.parse((await esim('profile', 'show', iccid, '--json')).out);
  const values: Record<string, string> = { $ICCID: iccid, $IMSI: shown.imsi, $EID: shown.eid };
  const run = async (words: string[]) => {
    const result = await esim(...words.map((word) => values[word] ?? word));
    assert.equal(result.code, 0, `${words.join(' ')}: ${result.err}`);
    return result.out;
  };
  for (const words of commandsOf('Find a customer')) {
    if (words.includes('$MSISDN')) values.$MSISDN = shown.msisdn ?? '+491700000000';
    const out = await run(words);
    if (!words.includes('$MSISDN') || shown.msisdn) assert.match(out, new RegExp(iccid), words.join(' '));
  }
  const exported = commandsOf('Export what is stored');
  assert.equal(exported.length, 6);
  const all: string[] = [];
  for (const words of exported) all.push(await run(words));
  for (const [i, out] of all.entries()) assert.match(out, /[{[]/, String(exported[i]));
  assert.ok(all.join('').includes(wordsOfCustomer));
  assert.deepEqual(tablesWith(wordsOfCustomer), ['event']);
  for (const text of [iccid, shown.eid])
    for (const table of tablesWith(text)) assert.match(guide, new RegExp(`\`${table}\``), table);
  const isChained = async () => !(await esim('audit', 'verify')).out.includes('not chained yet');
  for (const end = performance.now() + 60_000; !(await isChained()); await sleep(200))
    assert.ok(performance.now() < end, 'the events are chained within a minute');
  for (const words of commandsOf('Erase it')) {
    assert.doesNotMatch(await run(words), /are not as they were written/);
  }
  for (const gone of [shown.eid, wordsOfCustomer]) assert.deepEqual(tablesWith(gone), []);
  const left = tablesWith(iccid);
  for (const table of left) assert.ok(['delivery', 'event', 'former_profile'].includes(table), table);
  using db = database();
  const events = db.prepare('select type from event where iccid = ?').all(iccid) as { type: string }[];
  assert.deepEqual(
    events.map(({ type }) => type),
    ['profile.purged'],
  );
});

test('a person and a recipient of mail are exported and erased with the commands of the guide', async () => {
  const [email, name] = ['ada.lovelace@example.com', 'Augusta Ada'];
  const must = async (words: string[]) => {
    const result = await esim(...words);
    assert.equal(result.code, 0, `${words.join(' ')}: ${result.err}`);
    return result.out;
  };
  await must(['person', 'create', email, '--name', name, '--role', 'support', '--json']);
  await must(['mail', 'recipient', 'set', email]);
  await must(['mail', 'test', email]);
  await until(() => mailServer.received.some(({ to }) => to[0] === email));
  const { data } = await server.api.listPeople();
  const id = data.people.find((person) => person.email === email)?.id ?? assert.fail();
  const values: Record<string, string> = { $EMAIL: email, $PERSON: id };
  const run = (words: string[]) => must(words.map((word) => values[word] ?? word));
  for (const text of [email, name])
    for (const table of tablesWith(text)) assert.match(guide, new RegExp(`\`${table}\``), table);
  const commands = commandsOf('People of the console, and recipients of mail');
  const isErasure = (words: string[]) => words.includes('delete') || words.includes('erase');
  const shown: string[] = [];
  for (const words of commands.filter((one) => !isErasure(one))) shown.push(await run(words));
  assert.equal(shown.length, 6);
  for (const [i, what] of [email, email, email, id, email].entries())
    assert.ok(shown[i]?.includes(what), String(commands[i]));
  for (const words of commands.filter(isErasure)) await run(words);
  assert.deepEqual(tablesWith(name), []);
  assert.deepEqual(tablesWith(email), ['delivery'], 'until ESIM_KEEP_DELIVERIES is over');
  assert.match((await esim('audit', 'verify')).out, /as they were written/);
});

const hasJq = spawnSync('jq', ['--version']).status === 0;

test('the archive loses what the guide erases there, and keeps its lines', {
  skip: hasJq ? false : 'jq is not installed',
}, () => {
  const folder = mkdtempSync(join(tmpdir(), 'esim-privacy-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const [iccid, email] = ['8900101000000000017', 'ada.lovelace@example.com'];
  const delivery = { version: 1, record: 'delivery', content: { id: 1, kind: 'mail', target: email } };
  const session = { version: 1, record: 'session', content: { transaction_id: 'A1', iccid } };
  writeFileSync(join(folder, 'delivery-2030-06-15-one.ndjson'), `${JSON.stringify(delivery)}\n`);
  writeFileSync(join(folder, 'session-2030-06-15-one.ndjson'), `${JSON.stringify(session)}\n`);
  const scripts = [...guide.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, script = '']) => script);
  assert.equal(scripts.length, 2);
  const env = { PATH: process.env.PATH, ESIM_ARCHIVE: folder, ICCID: iccid, EMAIL: email };
  for (const script of scripts) execFileSync('bash', ['-e', '-c', script], { env, stdio: 'ignore' });
  const read = (kind: string) =>
    JSON.parse(readFileSync(join(folder, `${kind}-2030-06-15-one.ndjson`), 'utf8'));
  assert.deepEqual(read('delivery'), { ...delivery, content: { id: 1, kind: 'mail' } });
  assert.deepEqual(read('session'), { version: 1, record: 'session' });
});
