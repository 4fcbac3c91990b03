import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { sendNotifications } from '@esim-rsp/euicc';
import { esimWithEmptyServer } from '../../harness/esim-with-server.ts';
import { downloadBy, newPhone } from '../../harness/phone.ts';
import { released } from '../../harness/profiles.ts';

/** docs/guide/privacy.md: its commands are run as they are there, and its table names every table that has an ICCID or an EID. */

const { cwd, server, esim } = await esimWithEmptyServer();
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
  assert.equal(exported.length, 5);
  for (const words of exported) assert.match(await run(words), /[{[]/, words.join(' '));
  for (const text of [iccid, shown.eid])
    for (const table of tablesWith(text)) assert.match(guide, new RegExp(`\`${table}\``), table);
  const isChained = async () => !(await esim('audit', 'verify')).out.includes('not chained yet');
  for (const end = performance.now() + 60_000; !(await isChained()); await sleep(200))
    assert.ok(performance.now() < end, 'the events are chained within a minute');
  for (const words of commandsOf('Erase it')) {
    assert.doesNotMatch(await run(words), /are not as they were written/);
  }
  assert.deepEqual(tablesWith(shown.eid), []);
  const left = tablesWith(iccid);
  for (const table of left)
    assert.ok(['audit', 'audit_target', 'delivery', 'event', 'former_profile'].includes(table), table);
  using db = database();
  const events = db.prepare('select type from event where iccid = ?').all(iccid) as { type: string }[];
  assert.deepEqual(
    events.map(({ type }) => type),
    ['profile.purged'],
  );
});
