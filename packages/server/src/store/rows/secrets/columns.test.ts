import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { createTables } from '../../sqlite/store.ts';
import type { Columns } from '../column-types.ts';
import { columnsOf } from '../tables.ts';
import { lookupColumnsOf, type SecretTable, secretTables, valueColumnOf } from './secret-columns.ts';

/** Tables of the migrations themselves. */
const OTHERS = ['migration', 'migration_lock'];

type Schema = ReadonlyMap<string, readonly { readonly name: string; readonly pk: number }[]>;

function schemaOf(db: DatabaseSync): Schema {
  const tables = db.prepare(
    "select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'",
  );
  const names = tables.all().map(({ name }) => String(name));
  return new Map(
    names
      .filter((name) => !OTHERS.includes(name))
      .map((name) => [
        name,
        db
          .prepare('select name, pk from pragma_table_info(?)')
          .all(name)
          .map((column) => ({ name: String(column.name), pk: Number(column.pk) })),
      ]),
  );
}

/** Columns of a database that no table declares, and so has no class. */
function unclassed(db: DatabaseSync): readonly string[] {
  const declared: Readonly<Record<string, Columns>> = columnsOf;
  return [...schemaOf(db)].flatMap(([table, columns]) =>
    columns.map(({ name }) => name).flatMap((name) => (declared[table]?.[name] ? [] : `${table}.${name}`)),
  );
}

async function newDatabase(): Promise<DatabaseSync> {
  const db = new DatabaseSync(':memory:');
  await createTables(db);
  return db;
}

test('every column of the schema is declared, as plain or as secret', async () => {
  using db = await newDatabase();
  assert.deepEqual(unclassed(db), []);
  for (const [table, columns] of Object.entries(columnsOf)) {
    const found = schemaOf(db).get(table) ?? assert.fail(`${table} is not in the schema`);
    assert.deepEqual(Object.keys(columns).sort(), found.map(({ name }) => name).sort(), table);
  }
});

test('a column or a table that nobody has declared is found', async () => {
  using db = await newDatabase();
  db.exec('alter table profile add column ki blob; create table note (text text)');
  assert.deepEqual(unclassed(db), ['profile.ki', 'note.text']);
});

test('secrets are bound to the primary key of their row', async () => {
  using db = await newDatabase();
  const declared: Readonly<Record<string, Columns>> = columnsOf;
  const withSecrets = Object.keys(declared).filter((table) =>
    Object.values(declared[table] ?? {}).some((kind) => kind.startsWith('secret ')),
  );
  assert.deepEqual(withSecrets.sort(), Object.keys(secretTables).sort());
  for (const [table, key] of Object.entries(secretTables)) {
    const columns = schemaOf(db).get(table) ?? [];
    const primary = columns.filter(({ pk }) => pk > 0).sort((a, b) => a.pk - b.pk);
    assert.deepEqual(
      key,
      primary.map(({ name }) => name),
      table,
    );
  }
});

test('a lookup column has the hash of a secret text next to it', () => {
  for (const table of Object.keys(secretTables) as SecretTable[])
    for (const name of lookupColumnsOf(table)) {
      const declared: Columns = columnsOf[table];
      assert.equal(declared[valueColumnOf(name)], 'secret text?', name);
    }
});

test('what must never be readable in a database is secret, or has a hash and a sealed value', () => {
  const hashed = Object.entries(columnsOf).flatMap(([table, columns]) =>
    Object.entries(columns).flatMap(([name, kind]) => (kind === 'hashed text?' ? `${table}.${name}` : [])),
  );
  assert.deepEqual(hashed, ['profile.matching_id']);
  const lookups = Object.entries(columnsOf).flatMap(([table, columns]) =>
    Object.entries(columns).flatMap(([name, kind]) => (kind === 'lookup text?' ? `${table}.${name}` : [])),
  );
  assert.deepEqual(lookups, ['profile.upstream_matching_id_hash']);
  const secret = Object.entries(columnsOf).flatMap(([table, columns]) =>
    Object.entries(columns).flatMap(([name, kind]) => (kind.startsWith('secret ') ? `${table}.${name}` : [])),
  );
  assert.deepEqual(secret.sort(), [
    'core_network.credentials',
    'install_link.sent_url',
    'operation.terms',
    'operator.progress_key',
    'person.password_hash',
    'profile.confirmation_code_hash',
    'profile.matching_id_sealed',
    'profile.ot_sk_dp',
    'profile.upstream_matching_id',
    'profile_content.package',
    'profile_content.parameters',
    'profile_content.ppk',
    'profile_use.ot_sk_dp',
    'template.master_key',
    'template.terms',
    'transaction_secret.secret',
    'upstream.client_key',
    'webhook_endpoint.previous_secret',
    'webhook_endpoint.secret',
  ]);
});
