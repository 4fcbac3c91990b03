import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, describe, test } from 'node:test';
import type { MatchingId } from '@esim-rsp/sgp22/value/matching-id';
import pg from 'pg';
import { next, put, released, saved, stocked } from '../contract/records.harness.ts';
import { contract } from '../contract/store.harness.ts';
import { postgresEnd } from '../postgres/copy/end.ts';
import { openPostgresStore } from '../postgres/store.ts';
import { installations, NO_POSTGRES, optionsFor, startPostgres } from '../postgres/testing/server.harness.ts';
import { testMasterKey } from '../sealing/test-key.harness.ts';
import { sqliteEnd } from '../sqlite/copy/end.ts';
import { openSqliteStore } from '../sqlite/store.ts';
import { rowDigest } from './canonical-row.ts';
import type { Cell, CopyEnd, Key, Table } from './copy-end.ts';
import { copyTables } from './copy-tables.ts';
import type { VerifiedTable } from './differences.ts';
import { verifyCopy } from './verify.ts';

const folder = mkdtempSync(join(tmpdir(), 'esim-copy-'));
after(() => rmSync(folder, { recursive: true, force: true }));
let counter = 0;
const newFile = () => join(folder, `${++counter}.db`);
const quiet = () => undefined;

let full: Promise<string> | undefined;

/** A new file with everything that the contract saves, its arbitrary records too. */
async function fullStore(): Promise<string> {
  full ??= fillStore(newFile());
  const path = newFile();
  copyFileSync(await full, path);
  return path;
}

/** Checks that expect an empty store fail here: it does not matter. */
async function fillStore(path: string): Promise<string> {
  const store = await openSqliteStore(path, undefined, testMasterKey);
  for (const check of Object.values(contract)) await check(store).catch(quiet);
  await put(store, { profile: stocked({ profileType: 'Zürich 🏔 \ufffd', account: 'a\'b"c\\d,{e}' }) });
  await store.close();
  using db = new DatabaseSync(path);
  db.exec(
    "insert into upstream_type (account, profile_type, upstream, vendor_type) select account, 'basic', name, 'VENDOR-1' from upstream limit 1",
  );
  // several slices, of keys whose order is that of their octets and no other
  db.exec(`with recursive number (n) as (select 1 union all select n + 1 from number where n < 2300)
    insert into former_call (account, call) select char(97 + n % 3, 65 + n % 7), char(n % 91 + 33, 0xe4, 0x1f3d4 - n, n * 20) from number`);
  return path;
}

/** Every row of every table. */
async function dump(end: CopyEnd): Promise<Record<string, unknown>> {
  const all: Record<string, unknown> = {};
  for (const table of await end.tables()) {
    const keys = (await end.digests(table, undefined, 1e6)).map(({ key }) => key);
    const rows = (await end.rows(table, keys)).map((row) => row.map(plainCell).join(' | '));
    all[table.name] = { rows: rows.sort(), last: table.isNumbered && (await end.lastNumber(table)) };
  }
  return all;
}

const plainCell = (cell: Cell) =>
  cell instanceof Uint8Array ? `x${Buffer.from(cell).toString('hex')}` : `${typeof cell} ${cell}`;

async function using2<T>(
  [source, target]: [CopyEnd, CopyEnd],
  work: (source: CopyEnd, target: CopyEnd) => Promise<T>,
) {
  try {
    return await work(source, target);
  } finally {
    await source.close();
    await target.close();
  }
}

/** A whole copy into an empty target, verified. */
function copyAll(source: CopyEnd, target: CopyEnd) {
  return using2([source, target], async () => {
    await target.prepare();
    await source.beginReading(true);
    await copyTables(source, target, quiet);
    const verified = await verifyCopy(source, target, quiet);
    await source.endReading();
    await target.finish();
    return verified;
  });
}

const [oldest] = installations();
if (oldest === undefined) test('a store is copied to PostgreSQL and back', { skip: NO_POSTGRES });
else
  describe('a copy between SQLite and PostgreSQL', async () => {
    const server = await startPostgres(oldest);
    after(() => server[Symbol.asyncDispose]());
    const newOptions = async () => optionsFor(await server.createDatabase());

    test('brings everything that the contract saves to PostgreSQL and back', async () => {
      const path = await fullStore();
      const source = await sqliteEnd(path, 'source');
      const before = await dump(source);
      for (const [name, { rows }] of Object.entries(before) as [string, { rows: unknown[] }][])
        assert.ok(rows.length > 0, `${name} is empty: the test does not show that it is copied`);
      const options = await newOptions();
      const there = await copyAll(source, await postgresEnd(options, 'target'));
      const back = newFile();
      const here = await copyAll(await postgresEnd(options, 'source'), await sqliteEnd(back, 'target'));
      assert.deepEqual(here, there);
      const end = await sqliteEnd(back, 'source');
      assert.deepEqual(await dump(end), before);
      await end.close();
      using db = new DatabaseSync(back);
      assert.deepEqual(db.prepare('pragma foreign_key_check').all(), []);
      assert.equal(db.prepare('pragma integrity_check').get()?.integrity_check, 'ok');
    });

    test('computes the same digest of a row on both engines', async () => {
      const options = await newOptions();
      const path = await fullStore();
      await copyAll(await sqliteEnd(path, 'source'), await postgresEnd(options, 'target'));
      const end = await postgresEnd(options, 'source');
      for (const table of await end.tables()) {
        const digests = await end.digests(table, undefined, 1e6);
        for (const { key, digest } of digests) {
          const [row = assert.fail()] = await end.rows(table, [key]);
          assert.equal(digest, rowDigest(row), `${table.name} ${key}`);
        }
      }
      await end.close();
    });

    test('leaves a store that works: new numbers continue, counts are right, and no server starts before the end', async () => {
      const path = newFile();
      const old = await openSqliteStore(path, undefined, testMasterKey);
      const there = released({ matchingId: 'aZ/theirs' as MatchingId }, { account: 'a', upstream: 'vendor' });
      await put(old, { profile: stocked({ account: 'a', profileType: 't' }) }, { profile: there });
      await old.close();
      using db = new DatabaseSync(path);
      db.exec("update sqlite_sequence set seq = 70 where name = 'event'");
      db.exec("insert into sqlite_sequence (name, seq) values ('audit', 9)");
      db.close();
      const options = await newOptions();
      await using2(
        [await sqliteEnd(path, 'source'), await postgresEnd(options, 'target')],
        async (source, target) => {
          await target.prepare();
          await assert.rejects(
            openPostgresStore(options, testMasterKey),
            /copy that has not finished.*--switch/,
          );
          await copyTables(source, target, quiet);
          await verifyCopy(source, target, quiet);
          await target.finish();
        },
      );
      const store = await openPostgresStore(options, testMasterKey);
      await store.addAuditEntry({ at: 1, account: 'a', operation: 'test', targets: [] });
      const [entry] = (await store.auditEntries({ account: 'a', count: 1 })).items;
      assert.equal(entry?.id, 10);
      const found = await store.profilesByUpstreamMatchingId('a', 'aZ/theirs', 9);
      assert.deepEqual(found, [saved(there)]);
      await put(store, { profile: stocked({ account: 'a', profileType: 't' }) });
      assert.deepEqual((await store.profileTypes({ account: 'a', most: 99 })).counts, [
        { profileType: 't', state: 'AVAILABLE', count: 2 },
      ]);
      await store.close();
    });

    test('brings a target up to date, also where one row takes what another had', async () => {
      const path = newFile();
      const store = await openSqliteStore(path, undefined, testMasterKey);
      const matchingId = next.matchingId();
      const [first, second, third] = [released({ matchingId }), released(), stocked()];
      for (const profile of [first, second, third]) await put(store, { profile });
      const options = await newOptions();
      await using2(
        [await sqliteEnd(path, 'source'), await postgresEnd(options, 'target')],
        async (source, target) => {
          await target.prepare();
          await source.beginReading(false);
          await copyTables(source, target, quiet);
          await source.endReading();
          const own = second.order.matchingId;
          using db = new DatabaseSync(path, { timeout: 5000 });
          db.exec(`update profile set matching_id = 'aside' where iccid = '${first.iccid}'`);
          db.exec(`update profile set matching_id = '${matchingId}' where iccid = '${second.iccid}'`);
          db.exec(
            `update profile set matching_id = '${own}', state = 'CONFIRMED' where iccid = '${first.iccid}'`,
          );
          db.exec(`delete from profile where iccid = '${third.iccid}'`);
          await assert.rejects(
            verifyCopy(source, target, quiet),
            /the row profile \d+ of the copy is changed/,
          );
          await source.beginReading(true);
          const { written, deleted, equal } = await copyTables(source, target, quiet);
          const verified = await verifyCopy(source, target, quiet);
          await source.endReading();
          assert.deepEqual([written, deleted], [2, 1]);
          assert.ok(equal.every(({ table }) => table !== 'profile'));
          const again = await copyTables(source, target, quiet);
          assert.deepEqual([again.written, again.deleted], [0, 0]);
          assert.deepEqual(again.equal.map(strip).toSorted(byTable), verified);
        },
      );
      await store.close();
    });

    test('ends at any write, and the same copy completes later', async () => {
      const path = await fullStore();
      const options = await newOptions();
      const source = await sqliteEnd(path, 'source');
      for (let writes = 0; ; writes++) {
        const target = await postgresEnd(options, 'target');
        if ((await target.targetState()) === 'empty') await target.prepare();
        assert.equal(await target.targetState(), 'unfinished');
        const cut = cutAfter(target, writes);
        const error = await copyTables(source, cut, quiet).then(quiet, (reason) => reason);
        if (error !== undefined) assert.match(error.message, /cut here/);
        else await verifyCopy(source, target, quiet);
        await target.close();
        if (error === undefined) break;
      }
      await source.close();
    });

    test('notices whatever is damaged in the target', async () => {
      const path = await fullStore();
      const options = await newOptions();
      const pair = async (): Promise<[CopyEnd, CopyEnd]> => [
        await sqliteEnd(path, 'source'),
        await postgresEnd(options, 'target'),
      ];
      await using2(await pair(), async (source, target) => {
        await target.prepare();
        await copyTables(source, target, quiet);
      });
      const damages: [string, RegExp][] = [
        ["update profile_content set package = package || '\\x00' where package is not null", /changed/],
        ["update event set message = '' where message is null", /changed/],
        ['delete from audit_target', /missing/],
        ["insert into former_call (account, call) values ('x', 'y')", /obsolete/],
        ['update profile set order_expires_at = order_expires_at + 1', /changed/],
        ["select setval(pg_get_serial_sequence('event', 'id'), 1)", /next number of event/],
        ["insert into profile_count values ('x', '', 'AVAILABLE', 1)", /counts of profiles/],
      ];
      for (const [statement, message] of damages) {
        await run(options.url, statement);
        await using2(await pair(), async (source, target) => {
          await assert.rejects(verifyCopy(source, target, quiet), message);
          await copyTables(source, target, quiet);
          if (!/count/.test(statement)) await verifyCopy(source, target, quiet);
        });
      }
    });

    test('copies rows that the server cannot read as they are, and names those that PostgreSQL cannot store', async () => {
      const path = await fullStore();
      using db = new DatabaseSync(path, { timeout: 5000 });
      db.exec("update session set journal = '{not json', stage = 'unknown'");
      db.exec("update profile set metadata = x'00ff', state = 'WHAT', changed_at = 9223372036854775807");
      db.exec("insert into account values ('nul', 'x' || char(0) || 'y', 5)");
      const options = await newOptions();
      const verified = await copyAll(await sqliteEnd(path, 'source'), await postgresEnd(options, 'target'));
      const store = await openPostgresStore(options, testMasterKey);
      assert.equal((await store.accounts()).find(({ id }) => id === 'nul')?.name, 'x\ufffdy');
      await store.close();
      assert.ok(verified.some(({ table, rows }) => table === 'session' && rows > 0));
      const bad: [string, RegExp][] = [
        ["insert into account values ('a1', cast(x'ff41' as text), 5)", /row account a1 .* not UTF-8/],
        [
          "insert into account values ('a1' || char(0), 'x', 5)",
          /row account a1.* id has the character U\+0000/,
        ],
        ["insert into account values ('a1', x'41', 5)", /row account a1 .* name is not text/],
        ["insert into account values ('a1', 'x', 5.5)", /row account a1 .* created_at is not integer/],
      ];
      for (const [statement, message] of bad) {
        db.exec(statement);
        await assert.rejects(
          async () =>
            copyAll(await sqliteEnd(path, 'source'), await postgresEnd(await newOptions(), 'target')),
          message,
        );
        db.exec("delete from account where id like 'a1%'");
      }
    });

    test('refuses a second copy into the same target, and a source with servers', async () => {
      const options = await newOptions();
      const one = await postgresEnd(options, 'target');
      await assert.rejects(postgresEnd(options, 'target'), /another copy/);
      await one.close();
      const store = await openPostgresStore(options, testMasterKey);
      await store.accounts();
      const source = await postgresEnd(options, 'source');
      await assert.rejects(source.beginReading(true), /servers are connected/);
      await source.close();
      await store.close();
    });
  });

const strip = ({ table, rows, sha256 }: VerifiedTable): VerifiedTable => ({ table, rows, sha256 });
const byTable = (a: VerifiedTable, b: VerifiedTable) => (a.table < b.table ? -1 : 1);

/** The same end, whose writes fail after so many. */
function cutAfter(end: CopyEnd, most: number): CopyEnd {
  let writes = 0;
  const cut =
    <T>(write: (table: Table, keys: readonly T[]) => Promise<void>) =>
    async (table: Table, values: readonly T[]) => {
      if (writes++ >= most) throw new Error('cut here');
      await write(table, values);
    };
  return {
    ...end,
    write: cut<readonly Cell[]>(end.write),
    remove: cut<Key>(end.remove),
    release: cut<Key>(end.release),
  };
}

async function run(url: string, statement: string): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  await client.query(statement);
  await client.end();
}
