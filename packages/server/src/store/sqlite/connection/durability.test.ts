import assert from 'node:assert/strict';
import fs, { copyFileSync, mkdtempSync, readlinkSync, rmSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, type TestContext, test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import type { Env } from '@esim-rsp/smdp/env';
import { type ProtocolFunction, run } from '@esim-rsp/smdp/run';
import type { Profile } from '@esim-rsp/smdp/state/profile';
import { stocked } from '../../contract/records.harness.ts';
import type { ServerStore } from '../../ports/server-store.ts';
import { StoreError } from '../../ports/store-error.ts';
import { testMasterKey } from '../../sealing/test-key.harness.ts';
import { createTables, openSqliteStore, storeOn } from '../store.ts';
import { syncedDurability } from './durability.ts';
import { openFile, stopWaiting } from './file.ts';

/** No caller gets what is not on the disk, and the event loop does not wait for the disk. */

const folder = mkdtempSync(join(tmpdir(), 'esim-durability-'));
after(() => rmSync(folder, { recursive: true, force: true }));
let counter = 0;
const newPath = () => join(folder, `${++counter}.db`);

/** Calls `before` when a sync begins, and `afterwards` when it has ended. */
function watchSyncs(t: TestContext, before: (file: number) => void, afterwards: () => void): void {
  const real = fs.fdatasync;
  const watched = (file: number, done: (error: NodeJS.ErrnoException | null) => void) => {
    before(file);
    real(file, (error) => {
      afterwards();
      done(error);
    });
  };
  t.mock.method(fs, 'fdatasync', watched as typeof fs.fdatasync);
  syncBuiltinESMExports();
  t.after(() => {
    t.mock.restoreAll();
    syncBuiltinESMExports();
  });
}

test('what was answered survives a power cut: it was written when the last sync that ended began', async (t) => {
  const path = newPath();
  let [started, ended] = [0, 0];
  const imageOf = (sync: number) => `${path}.image-${sync}`;
  const files: string[] = [];
  const copyAll = (file: number) => {
    if (process.platform === 'linux') files.push(readlinkSync(`/proc/self/fd/${file}`));
    started += 1;
    for (const end of ['', '-wal']) copyFileSync(path + end, imageOf(started) + end);
  };
  const store = await openSqliteStore(path);
  await store.lastEventId();
  watchSyncs(t, copyAll, () => {
    ended += 1;
  });
  const answered: { readonly iccid: string; readonly image: number }[] = [];
  const saveThree = async () => {
    for (let i = 0; i < 3; i++) {
      const profile = stocked();
      await store.save([{ profile }]);
      answered.push({ iccid: profile.iccid, image: ended });
      if (Math.random() < 0.5) await nextTurn();
    }
  };
  await Promise.all(Array.from({ length: 8 }, saveThree));
  await store.close();
  assert.equal(answered.length, 24);
  for (const { iccid, image } of answered) {
    using db = new DatabaseSync(imageOf(image));
    assert.equal(
      db.prepare('select count(*) as n from profile where iccid = ?').get(iccid)?.n,
      1,
      `${iccid} was answered after ${image} of ${started} syncs`,
    );
  }
  assert.ok(files.every((file) => file === `${path}-wal`));
});

type Done = (error: Error | null) => void;

/** A store whose syncs end when the test says so, and a second connection to its file. */
async function openHeld(t: TestContext) {
  const path = newPath();
  const db = await openFile(path);
  await createTables(db);
  stopWaiting(db);
  const syncs: Done[] = [];
  let begun = 0;
  const endSync = (error: Error | null = null) => (syncs.shift() ?? assert.fail('no sync is running'))(error);
  const endAll = async <T>(work: Promise<T>): Promise<T> => {
    const done = work.then(() => true);
    while (!(await Promise.race([done, nextTurn(false)]))) while (syncs.length > 0) endSync();
    return work;
  };
  const held = syncedDurability({
    sync: (done) => {
      begun += 1;
      syncs.push(done);
    },
    close: () => undefined,
  });
  const store = await endAll(storeOn(db, testMasterKey, undefined, held)); // it writes the first data key
  const beside = new DatabaseSync(path, { timeout: 5000 });
  await endAll(store.lastEventId());
  begun = 0;
  t.after(async () => {
    beside.close();
    await endAll(store.close());
  });
  return { store, beside, endSync, endAll, begun: () => begun };
}

/** What a promise has come to after some turns of the event loop. */
async function stateOf(promise: Promise<unknown>): Promise<'pending' | 'fulfilled' | 'rejected'> {
  let state: 'pending' | 'fulfilled' | 'rejected' = 'pending';
  promise.then(
    () => {
      state = 'fulfilled';
    },
    () => {
      state = 'rejected';
    },
  );
  for (let i = 0; i < 5; i++) await nextTurn();
  return state;
}

const save = (store: ServerStore, profile = stocked()) => store.save([{ profile }]);

test('a save and every read that sees it wait for the sync', async (t) => {
  const { store, beside, endSync } = await openHeld(t);
  const profile = stocked();
  const saving = save(store, profile);
  assert.equal(await stateOf(saving), 'pending');
  assert.equal(beside.prepare('select count(*) as n from profile').get()?.n, 1, 'it is committed');
  const reads = [store.profile(profile.iccid), store.takenIccids([profile.iccid])];
  for (const read of reads) assert.equal(await stateOf(read), 'pending');
  endSync();
  assert.equal(await saving, 'saved');
  const [found, iccids] = await Promise.all(reads);
  assert.deepEqual([found, iccids], [{ ...profile, version: 1 }, [profile.iccid]]);
});

/** Decides from a profile: nothing to save, to save it again, or an error. */
const functionThat = (does: 'nothing' | 'saves' | 'throws'): ProtocolFunction<Iccid, Profile, string> => ({
  load: async (iccid, reader) => (await reader.profile(iccid)) ?? assert.fail('it is there'),
  decide: (_, profile) => {
    loaded.push(does);
    if (does === 'throws') throw new Error(`the profile is ${profile.state}`);
    return { reply: profile.state, save: does === 'saves' ? [{ profile }] : [] };
  },
});
const loaded: string[] = [];

test('a decision is made from what is not on the disk yet, but its answer and its error wait', async (t) => {
  const { store, endSync, begun } = await openHeld(t);
  const profile = stocked();
  const saving = save(store, profile);
  assert.equal(await stateOf(saving), 'pending');
  const call = (does: Parameters<typeof functionThat>[0]) =>
    run(functionThat(does), profile.iccid, store, {} as Env);
  const [answer, failed] = [call('nothing'), call('throws')];
  const failure = assert.rejects(failed, /the profile is/);
  for (const one of [answer, failed]) assert.equal(await stateOf(one), 'pending');
  const saved = call('saves');
  assert.equal(await stateOf(saved), 'pending');
  assert.deepEqual(loaded, ['nothing', 'throws', 'saves']);
  assert.equal(begun(), 1);
  endSync();
  await saving;
  assert.equal(await stateOf(saved), 'pending');
  endSync();
  assert.equal(await answer, profile.state);
  await failure;
  assert.equal(await saved, profile.state);
});

test('a read of what another process has written waits for a sync, and other reads do not', async (t) => {
  const { store, beside, endSync, begun } = await openHeld(t);
  await store.lastEventId();
  assert.equal(begun(), 0);
  beside.exec(`insert into account (id, name, created_at) values ('a', 'A', 1)`);
  const reading = store.accounts();
  assert.equal(await stateOf(reading), 'pending');
  assert.equal(begun(), 1);
  endSync();
  assert.equal((await reading).length, 1);
  assert.equal((await store.accounts()).length, 1);
  assert.equal(begun(), 1);
});

test('saves go on during a sync, and share the next one', async (t) => {
  const { store, beside, endSync, begun } = await openHeld(t);
  const first = save(store);
  await nextTurn();
  const later: Promise<unknown>[] = [];
  for (let i = 0; i < 5; i++) {
    later.push(save(store));
    await nextTurn();
  }
  await nextTurn();
  assert.equal(beside.prepare('select count(*) as n from profile').get()?.n, 6);
  assert.equal(begun(), 1);
  endSync();
  assert.equal(await first, 'saved');
  for (const one of later) assert.equal(await stateOf(one), 'pending');
  assert.equal(begun(), 2);
  endSync();
  assert.deepEqual(await Promise.all(later), Array(5).fill('saved'));
  assert.equal(begun(), 2);
});

test('after a sync that failed nothing is acknowledged any more', async (t) => {
  const { store, endSync, begun } = await openHeld(t);
  const saves = Promise.allSettled([save(store), save(store)]);
  await stateOf(saves);
  endSync(new Error('EIO: i/o error, fdatasync'));
  const isFailed = (error: unknown) =>
    error instanceof StoreError && /could not be synced.*EIO.*check the disk/.test(error.message);
  for (const one of await saves) assert.ok(one.status === 'rejected' && isFailed(one.reason));
  for (const later of [save, () => store.lastEventId(), () => store.tryWrite()])
    await assert.rejects(later(store), isFailed);
  assert.equal(begun(), 1);
});

test('while another process has the write lock, saves wait, and the event loop and reads do not', async (t) => {
  const { store, beside, endAll } = await openHeld(t);
  beside.exec('begin immediate');
  const saving = save(store);
  assert.equal(await stateOf(saving), 'pending');
  await endAll(store.accounts());
  assert.equal(await stateOf(saving), 'pending');
  beside.exec('commit');
  await endAll(saving);
  assert.equal(await saving, 'saved');
});

test('a write lock that is not released in five seconds fails the saves, and later ones succeed', async (t) => {
  const { store, beside, endAll } = await openHeld(t);
  beside.exec('begin immediate');
  const start = performance.now();
  await assert.rejects(save(store), /database is locked/);
  assert.ok(performance.now() - start > 4500);
  beside.exec('rollback');
  const saving = save(store);
  await endAll(saving);
  assert.equal(await saving, 'saved');
});
