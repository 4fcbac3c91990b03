import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Es9Name } from '@esim-rsp/sgp22/functions/es9plus';
import { secretTables } from '#server/store/rows/secrets/secret-columns';
import { downloadBy, newPhone } from '../../harness/phone.ts';
import { released } from '../../harness/profiles.ts';
import { again, type Message, nameAt, type RawEs9, rawEs9, seenBy, verdict } from '../../harness/raw-es9.ts';
import { until } from '../../harness/receiver.ts';
import { type ServerProcess, startServer } from '../../harness/server.ts';
import type { Attack, Target } from '../attack.ts';

const CALLS = 20_000;
const CONNECTIONS = 8;
/** What the server stores of refused calls of one address in one minute, and in the next one if the attack takes longer. */
const MOST_REFUSED = 2 * 60 + 10;

/** What the log grows by because the server renews its leases and counts what it has sealed; 20,000 stored sessions took 22 million. */
const OWN_OCTETS = 200_000;

/** What callers without an order, or with an old message, can do with sessions. */
export const sessions: readonly Attack[] = [
  {
    name: '20,000 sessions that are opened and left leave the database as it was',
    alone: true,
    run: async (target) => {
      using es9 = rawEs9(target);
      const initiate = await firstMessage(target, 'initiateAuthentication', 'ANY');
      await until(() => hasBegun(target));
      const before = sizeOf(target);
      await repeat(CALLS, async () => assert.equal(await again(es9, initiate), 'ok'));
      const after = sizeOf(target);
      assert.deepEqual(after.rows, before.rows);
      assert.ok(after.octets <= before.octets + OWN_OCTETS, `${before.octets} octets became ${after.octets}`);
    },
  },
  {
    name: 'refused calls of one address fill a minute of the bounded log, and not the disk',
    run: async (target) => {
      using es9 = rawEs9(target);
      const initiate = await firstMessage(target, 'initiateAuthentication', 'ANY');
      const wrong = { ...initiate, body: { ...initiate.body, smdpAddress: 'rsp.example.com' } };
      await repeat(2000, async () => assert.equal(await again(es9, wrong), '8.8.1/3.8'));
      await target.close();
      const { refused_call: stored = 0 } = rowsIn(target);
      assert.ok(stored > 0 && stored <= MOST_REFUSED, `${stored} refused calls are stored`);
    },
  },
  {
    name: 'an answer that is sent many times at once opens one session',
    sample: true,
    run: async (target) => {
      using es9 = rawEs9(target);
      const answer = await firstMessage(target, 'authenticateClient');
      const results = await Promise.all(Array.from({ length: 16 }, () => again(es9, answer)));
      assert.deepEqual(results.toSorted(), [...Array<string>(15).fill('8.10.1/3.9'), 'ok']);
      assert.equal(await again(es9, answer), '8.10.1/3.9');
      assert.equal(rowsIn(target).session, 1);
    },
  },
  {
    name: 'an eUICC that was refused cannot try another order in the same session',
    sample: true,
    run: async (target) => {
      using es9 = rawEs9(target);
      const answer = await firstMessage(target, 'authenticateClient', 'NO-SUCH-ORDER');
      const results = await Promise.all(Array.from({ length: 16 }, () => again(es9, answer)));
      assert.deepEqual(results.toSorted(), [...Array<string>(15).fill('8.10.1/3.9'), '8.2.6/3.8']);
      assert.equal(await again(es9, answer), '8.10.1/3.9');
      assert.equal(rowsIn(target).session, 1);
    },
  },
  {
    name: 'an answer to another transaction or to another server opens no session',
    sample: true,
    run: async (target) => {
      using es9 = rawEs9(target);
      await using other = await startServer({
        ESIM_PKI_DIR: target.pkiDir,
        ESIM_SMDP_ADDRESS: target.smdpAddress,
      });
      const [mine, foreign] = [
        await firstMessage(target, 'authenticateClient'),
        await firstMessage(other, 'authenticateClient', 'ANY', other.es9Url),
      ];
      await mustBeUnknown(es9, foreign);
      await mustBeUnknown(es9, { ...foreign, body: { ...foreign.body, ...transactionOf(mine) } });
      await mustBeUnknown(es9, { ...mine, body: { ...mine.body, ...transactionOf(foreign) } });
      assert.equal(rowsIn(target).session, 0);
      assert.equal(await again(es9, mine), 'ok');
    },
  },
];

/**
 * The message that a new phone sends to this function first, which does not arrive. The phone uses the MatchingID, or an order that is
 * created for it. `url`: where the phone connects to.
 */
async function firstMessage(
  server: ServerProcess,
  name: Es9Name,
  matchingId?: string,
  url = server.es9Url,
): Promise<Message> {
  let found: Message | undefined;
  const activationCode =
    matchingId === undefined
      ? (await released(server)).activationCode
      : `LPA:1$${server.smdpAddress}$${matchingId}`;
  const spy = seenBy(async (message) => {
    if (message.name !== name) return;
    found = message;
    throw new Error('the message does not arrive');
  });
  await using phone = await newPhone(server, { through: spy, connectTo: new URL(url).host });
  await assert.rejects(downloadBy(phone, activationCode));
  return found ?? assert.fail(`the phone has not called ${name}`);
}

function transactionOf({ body: { transactionId = '' } }: Message) {
  return { transactionId };
}

async function mustBeUnknown(es9: RawEs9, { path, body }: Message): Promise<void> {
  const answer = await es9.call(path, JSON.stringify(body));
  assert.equal(verdict(nameAt(path), answer), '8.10.1/3.9');
}

async function repeat(times: number, work: () => Promise<void>): Promise<void> {
  let left = times;
  const caller = async () => {
    while (left-- > 0) await work();
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, caller));
}

/** The rows of every table. */
function rowsIn({ dataDir }: Target): Readonly<Record<string, number>> {
  using db = new DatabaseSync(join(dataDir, 'esim.db'), { readOnly: true, timeout: 5000 });
  const tables = db.prepare("select name from sqlite_schema where type = 'table'").all();
  return Object.fromEntries(
    tables.map(({ name }) => [
      String(name),
      Number(db.prepare(`select count(*) as n from "${name}"`).get()?.n),
    ]),
  );
}

/** Whether the server has written what it writes by itself soon after a start: the first anchor of its logs, and which tables are sealed. */
function hasBegun(target: Target): boolean {
  const { chain_anchor: anchors = 0, sealed_table: sealed = 0 } = rowsIn(target);
  return anchors > 0 && sealed === Object.keys(secretTables).length;
}

/** The rows of every table, and the octets of the database and of its log. */
function sizeOf(target: Target) {
  const sizes = ['', '-wal'].map((suffix) => statSync(join(target.dataDir, `esim.db${suffix}`)).size);
  return { rows: rowsIn(target), octets: sizes.reduce((sum, size) => sum + size, 0) };
}
