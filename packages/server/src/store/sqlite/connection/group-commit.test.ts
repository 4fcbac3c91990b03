import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { StoreUnavailable } from '../../ports/store-error.ts';
import { nothingToSync } from './durability.ts';
import { groupCommit } from './group-commit.ts';

test('a long read that fails together with its transaction rejects once, and the process continues', async () => {
  using db = new DatabaseSync(':memory:');
  const { readLong } = groupCommit(db, nothingToSync);
  const endsTransaction = () => {
    db.exec('rollback'); // as SQLite does by itself when it finds the file damaged
    throw new Error('the file is damaged');
  };
  await assert.rejects(readLong(endsTransaction), /the file is damaged/);
  assert.equal(await readLong(() => 1), 1);
});

test('a full disk is a store that is not available for now: nothing was written, and there is room later', async () => {
  using db = new DatabaseSync(':memory:');
  db.exec('create table t (a blob); pragma max_page_count = 4');
  const { write } = groupCommit(db, nothingToSync);
  const insert = () => db.exec('insert into t values (randomblob(100000))');
  await assert.rejects(
    write(insert),
    (error) => error instanceof StoreUnavailable && /full/.test(error.message),
  );
  assert.equal(db.prepare('select count(*) as n from t').get()?.n, 0);
  db.exec('pragma max_page_count = 1000');
  await write(insert);
  assert.equal(db.prepare('select count(*) as n from t').get()?.n, 1);
});
