import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import type { Profile } from '@esim-rsp/smdp/state/profile';
import { next, refusedSession, released, stocked } from '../contract/records.harness.ts';
import type { ServerStore } from '../ports/server-store.ts';
import { StoreError } from '../ports/store-error.ts';
import { openSqliteStore } from './store.ts';

/** Beyond the contract: few commits, all of them durable, and no damage from another process or a bad file. */

const folder = mkdtempSync(join(tmpdir(), 'esim-sqlite-'));
after(() => rmSync(folder, { recursive: true, force: true }));
let counter = 0;
const newPath = () => join(folder, `${++counter}.db`);

/** A store, and a second connection to its file that tests read with and cause failures with. */
type Opened = AsyncDisposable & {
  readonly path: string;
  readonly store: ServerStore;
  readonly beside: DatabaseSync;
};

async function openBoth(path = newPath()): Promise<Opened> {
  const store = await openSqliteStore(path);
  const beside = new DatabaseSync(path, { timeout: 5000 });
  return {
    path,
    store,
    beside,
    [Symbol.asyncDispose]: async () => {
      beside.close();
      await store.close();
    },
  };
}

/** How many transactions the write-ahead log holds: the last frame of each says how large the database is then. */
function commitsIn(path: string): number {
  const log = readFileSync(`${path}-wal`);
  const [header, frameHeader] = [32, 24];
  const pageSize = log.readUInt32BE(8);
  const salt = log.subarray(16, 24);
  let commits = 0;
  for (let at = header; at < log.length; at += frameHeader + pageSize)
    if (log.subarray(at + 8, at + 16).equals(salt) && log.readUInt32BE(at + 4) > 0) commits++;
  return commits;
}

const newProfiles = (count: number): Profile[] => Array.from({ length: count }, () => stocked());
const saveEach = (store: ServerStore, profiles: readonly Profile[]) =>
  Promise.allSettled(profiles.map((profile) => store.save([{ profile }])));
const outcomesOf = (settled: readonly PromiseSettledResult<unknown>[]) =>
  settled.map((one) => (one.status === 'fulfilled' ? one.value : 'rejected'));
const stockedIn = async (store: ServerStore, profiles: readonly Profile[]) =>
  (await Promise.all(profiles.map(({ iccid }) => store.profile(iccid)))).map((found) => found !== undefined);

test('what is saved in one turn shares a commit, and one save is one commit', async () => {
  await using db = await openBoth();
  const { path, store } = db;
  const before = commitsIn(path);
  await saveEach(store, newProfiles(50));
  assert.equal(commitsIn(path), before + 1);
  for (const profile of newProfiles(3)) await store.save([{ profile }, { session: refusedSession() }]);
  assert.equal(commitsIn(path), before + 4);
});

test('what is saved can be seen by others when the promise resolves, and not when it is asked for', async () => {
  await using db = await openBoth();
  const { store, beside } = db;
  const count = beside.prepare('select count(*) as n from profile');
  const seen: unknown[] = [];
  const saves = newProfiles(5).map(async (profile) => {
    await store.save([{ profile }]);
    seen.push(count.get()?.n);
  });
  assert.equal(count.get()?.n, 0);
  await Promise.all(saves);
  assert.deepEqual(seen, [5, 5, 5, 5, 5]);
});

/** Makes the insertion of one profile fail. */
function breakInsertion({ beside }: Opened, { iccid }: Profile, what: string): void {
  beside.exec(`create trigger broken after insert on profile when new.iccid = '${iccid}' begin ${what}; end`);
}

/** The statement fails; the whole transaction is rolled back by SQLite itself, as it does for a full disk. */
for (const how of ['abort', 'rollback'])
  test(`a save that fails (${how}) rejects alone; those of the same turn are saved`, async () => {
    await using db = await openBoth();
    const profiles = newProfiles(5);
    const [, , bad] = profiles;
    assert.ok(bad);
    breakInsertion(db, bad, `select raise(${how}, 'broken')`);
    const outcomes = outcomesOf(await saveEach(db.store, profiles));
    assert.deepEqual(outcomes, ['saved', 'saved', 'rejected', 'saved', 'saved']);
    assert.deepEqual(await stockedIn(db.store, profiles), [true, true, false, true, true]);
    await assert.rejects(db.store.save([{ session: refusedSession() }, { profile: bad }]), /broken/);
    db.beside.exec('drop trigger broken');
    assert.equal(await db.store.save([{ profile: bad }]), 'saved');
  });

test('a commit that fails rejects all that shared it, and the next one goes well', async () => {
  await using db = await openBoth();
  const profiles = newProfiles(3);
  const [first] = profiles;
  assert.ok(first);
  db.beside.exec('create table debt (account text references account (id) deferrable initially deferred)');
  breakInsertion(db, first, `insert into debt values ('nobody')`);
  assert.deepEqual(outcomesOf(await saveEach(db.store, profiles)), ['rejected', 'rejected', 'rejected']);
  assert.deepEqual(await stockedIn(db.store, profiles), [false, false, false]);
  db.beside.exec('drop trigger broken');
  assert.deepEqual(outcomesOf(await saveEach(db.store, profiles)), ['saved', 'saved', 'saved']);
  assert.deepEqual(await stockedIn(db.store, profiles), [true, true, true]);
});

test('a key for an account that does not exist is refused, and other writes succeed', async () => {
  await using db = await openBoth();
  const key = { id: 'k', account: 'nobody', hash: new Uint8Array(32), createdAt: 1, permissions: [] };
  const [refused, saved] = await Promise.allSettled([
    db.store.addApiKey(key),
    db.store.save([{ profile: stocked() }]),
  ]);
  assert.deepEqual(outcomesOf([refused, saved]), ['rejected', 'saved']);
});

test('a row that cannot be read fails only the read of that row', async () => {
  await using db = await openBoth();
  const [good, bad] = [stocked(), stocked()];
  await saveEach(db.store, [good, bad]);
  db.beside.exec(`update profile set state = 'LINKED' where iccid = '${bad.iccid}'`);
  const found = await Promise.allSettled([bad, good].map(({ iccid }) => db.store.profile(iccid)));
  assert.deepEqual(
    found.map(({ status }) => status),
    ['rejected', 'fulfilled'],
  );
  assert.equal(await db.store.save([{ profile: { ...good, version: 1 } }]), 'saved');
});

/** That every commit is synced is the matter of connection/durability.test.ts. */
test('the write-ahead log is on, and is synced before it is copied into the file', async (t) => {
  const exec = t.mock.method(DatabaseSync.prototype, 'exec');
  await using db = await openBoth();
  assert.equal(db.beside.prepare('pragma journal_mode').get()?.journal_mode, 'wal');
  const own = exec.mock.calls[0]?.this as DatabaseSync;
  assert.equal(own.location(), db.path);
  assert.equal(own.prepare('pragma synchronous').get()?.synchronous, 1);
  assert.equal(own.prepare('pragma foreign_keys').get()?.foreign_keys, 1);
});

test('a save after that of another connection is stale', async () => {
  await using one = await openBoth();
  await using other = await openBoth(one.path);
  const profile = released();
  assert.equal(await one.store.save([{ profile }]), 'saved');
  const found = await other.store.profile(profile.iccid);
  assert.ok(found);
  const outcomes = await Promise.all([one, other].map(({ store }) => store.save([{ profile: found }])));
  assert.deepEqual(outcomes.toSorted(), ['saved', 'stale']);
  assert.equal((await one.store.profile(profile.iccid))?.version, 2);
});

test('several processes can open one new file at the same time and raise one counter', async () => {
  const path = newPath();
  const [iccid, rounds] = [next.iccid(), 30];
  const program = new URL('../contract/raise-counter.harness.ts', import.meta.url).pathname;
  const children = [1, 2, 3].map(() =>
    fork(program, [path, iccid, String(rounds)], { execArgv: [], stdio: 'inherit' }),
  );
  const codes = await Promise.all(children.map(exitOf));
  assert.deepEqual(codes, [0, 0, 0]);
  await using db = await openBoth(path);
  assert.equal((await db.store.profile(iccid))?.changedAt, 3 * rounds);
});

test('a new file that another process is just beginning to use is waited for', async () => {
  const path = newPath();
  const other = new DatabaseSync(path);
  other.exec('create table something (a text)');
  other.exec('begin immediate');
  const opening = openBoth(path);
  setImmediate(() => other.exec('commit'));
  await using db = await opening;
  assert.deepEqual(outcomesOf(await saveEach(db.store, newProfiles(1))), ['saved']);
  other.close();
});

async function exitOf(child: ChildProcess): Promise<number | null> {
  const [code] = await once(child, 'exit');
  return code;
}

test('closing makes durable what was asked for in the same turn', async () => {
  const path = newPath();
  const [store, profiles] = [await openSqliteStore(path), newProfiles(3)];
  const saves = saveEach(store, profiles);
  await store.close();
  assert.deepEqual(outcomesOf(await saves), ['saved', 'saved', 'saved']);
  await using db = await openBoth(path);
  assert.deepEqual(await stockedIn(db.store, profiles), [true, true, true]);
});

test('opening again changes nothing', async () => {
  const [path, profile] = [newPath(), released()];
  const schema = ({ beside }: Opened) => beside.prepare('select * from sqlite_schema order by name').all();
  const book = ({ beside }: Opened) => beside.prepare('select * from migration').all();
  const first = await openBoth(path);
  await first.store.save([{ profile }]);
  const [schemaBefore, bookBefore] = [schema(first), book(first)];
  await first[Symbol.asyncDispose]();
  await using again = await openBoth(path);
  assert.deepEqual([schema(again), book(again)], [schemaBefore, bookBefore]);
  assert.deepEqual(await again.store.profile(profile.iccid), { ...profile, version: 1 });
});

test('an empty file becomes a database; a file that is none is refused and left as it is', async () => {
  const [empty, other] = [newPath(), newPath()];
  writeFileSync(empty, '');
  await (await openSqliteStore(empty)).close();
  const text = 'This is a letter, not a database. '.repeat(100);
  writeFileSync(other, text);
  await assert.rejects(openSqliteStore(other), (error) => {
    assert.ok(error instanceof StoreError);
    assert.match(
      error.message,
      /^the database .*\.db cannot be used \(.+\): .*restore a backup with 'esim restore'/,
    );
    return true;
  });
  assert.equal(readFileSync(other, 'utf8'), text);
});

test('a migration that fails leaves nothing behind', async () => {
  const path = newPath();
  const db = new DatabaseSync(path);
  db.exec('create table session (something text)'); // in the way of the first migration
  await assert.rejects(openSqliteStore(path), StoreError);
  const tables = db.prepare("select name from sqlite_schema where type = 'table'").all();
  assert.deepEqual(
    tables.map(({ name }) => name),
    ['session'],
  );
  db.close();
});

test('the file and its log, which hold keys, are readable for their owner only', async () => {
  await using db = await openBoth();
  await db.store.addAccount({ id: 'a', name: 'A', createdAt: 0 });
  for (const suffix of ['', '-wal', '-shm'])
    assert.equal(statSync(`${db.path}${suffix}`).mode & 0o777, 0o600);
});
