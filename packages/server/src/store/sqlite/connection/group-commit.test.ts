import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
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
