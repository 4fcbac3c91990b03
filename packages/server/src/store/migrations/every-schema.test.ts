import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { testMasterKey } from '../sealing/test-key.harness.ts';
import { createTables, storeOn } from '../sqlite/store.ts';
import { earlierDatabase, readsAllOf } from './earlier-schema.harness.ts';
import { newestSchema } from './migrate.ts';

/** Every table, index and trigger, with its columns and constraints. */
function schemaOf(db: DatabaseSync): unknown {
  return db.prepare('select type, name, sql from sqlite_schema order by type, name').all();
}

const fresh = new DatabaseSync(':memory:');
await createTables(fresh);

for (let schema = 1; schema <= newestSchema; schema++)
  test(`a SQLite database of schema ${schema} opens, with all its rows and the tables of a new one`, async () => {
    const db = new DatabaseSync(':memory:');
    db.deserialize(await earlierDatabase(schema));
    db.exec('pragma foreign_keys = on');
    await createTables(db);
    assert.deepEqual(schemaOf(db), schemaOf(fresh));
    assert.deepEqual(db.prepare('pragma foreign_key_check').all(), []);
    const store = await storeOn(db, testMasterKey);
    await readsAllOf(store, schema);
    await store.close();
  });
