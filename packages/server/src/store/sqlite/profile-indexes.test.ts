import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { profileIndexes } from './profile-indexes.ts';
import { sessionIndexes } from './session-indexes.ts';
import { createTables } from './store.ts';

for (const [table, known] of Object.entries({ profile: profileIndexes, session: sessionIndexes }))
  test(`the indexes of the table ${table} are those of a new database, with the columns that they depend on`, async () => {
    using db = new DatabaseSync(':memory:');
    await createTables(db);
    const indexes = db
      .prepare("select name, sql from sqlite_schema where type = 'index' and tbl_name = ? and sql <> ''")
      .all(table) as { name: string; sql: string }[];
    const found = indexes.map(({ name, sql }) => {
      const keys = db.prepare('select name from pragma_index_info(?) order by seqno').all(name);
      const condition = sql.split(/\bwhere\b/)[1] ?? '';
      const inCondition = [...condition.matchAll(/"(\w+)"/g)].map(([, column]) => column);
      return [name, [...new Set([...keys.map((key) => key.name), ...inCondition])]];
    });
    assert.deepEqual(Object.fromEntries(found), known);
  });
