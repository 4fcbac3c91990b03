import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { profileIndexes } from './profile-indexes.ts';
import { createTables } from './store.ts';

test('the table of indexes is that of a new database: every index, with the columns that it depends on', async () => {
  using db = new DatabaseSync(':memory:');
  await createTables(db);
  const indexes = db
    .prepare(
      "select name, sql from sqlite_schema where type = 'index' and tbl_name = 'profile' and sql <> ''",
    )
    .all() as { name: string; sql: string }[];
  const found = indexes.map(({ name, sql }) => {
    const keys = db.prepare('select name from pragma_index_info(?) order by seqno').all(name);
    const condition = sql.split(/\bwhere\b/)[1] ?? '';
    const inCondition = [...condition.matchAll(/"(\w+)"/g)].map(([, column]) => column);
    return [name, [...new Set([...keys.map((key) => key.name), ...inCondition])]];
  });
  assert.deepEqual(Object.fromEntries(found), profileIndexes);
});
