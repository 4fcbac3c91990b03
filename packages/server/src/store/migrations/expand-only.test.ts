import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { Kysely } from 'kysely';
import { nodeSqliteDialect } from '../sqlite/connection/dialect.ts';
import { earlierDatabase } from './earlier-schema.harness.ts';
import { forbiddenIn, type Migration, postgresStatementsOf } from './expand-only.harness.ts';
import { newestSchema, RELEASED_SCHEMA } from './migrate.ts';

const files = readdirSync(import.meta.dirname)
  .filter((name) => /^\d{4}-.*\.ts$/.test(name))
  .sort();
const migrationOf = (number: number): Promise<Migration> =>
  import(new URL(files[number - 1] as string, import.meta.url).href);
const numbersFrom = (first: number) => Array.from({ length: newestSchema - first + 1 }, (_, i) => first + i);

test('nodes of the release before can use PostgreSQL after the migrations of this one', async () => {
  assert.ok(RELEASED_SCHEMA <= newestSchema);
  const statements: string[] = [];
  for (const number of numbersFrom(RELEASED_SCHEMA + 1))
    statements.push(...(await postgresStatementsOf(await migrationOf(number))));
  assert.equal(statements.length > 0, newestSchema > RELEASED_SCHEMA);
  assert.deepEqual(forbiddenIn(statements), []);
});

test('workers of the release before can use SQLite after the migrations of this one, with rows in every table', async () => {
  using db = new DatabaseSync(':memory:', { enableForeignKeyConstraints: false });
  db.deserialize(await earlierDatabase(RELEASED_SCHEMA));
  const statements: string[] = [];
  const kysely = new Kysely<unknown>({
    dialect: nodeSqliteDialect(db),
    log: ({ query }) => void statements.push(query.sql),
  });
  for (const number of numbersFrom(RELEASED_SCHEMA + 1))
    await (await migrationOf(number)).up(kysely, {
      bytes: 'blob',
      integer: 'integer',
      byKey: 'without rowid',
    });
  assert.deepEqual(forbiddenIn(statements), []);
});

test('a migration may add tables, indexes, and columns that rows need not have', () => {
  const allowed = [
    'create table "wallet" ("id" text primary key not null, "iccid" text not null references "profile" ("iccid") on delete cascade)',
    'create unique index "wallet_iccid" on "wallet" ("iccid")',
    'alter table "wallet" add column "kind" text not null',
    'create index "profile_colour" on "profile" ("account", "colour")',
    'drop index "profile_colour"',
    'alter table "profile" add column "colour" text',
    'alter table "profile" add column "rank" bigint default 0 not null',
    `update profile set colour = (select max(a, b) from wallet where x = 'y'), rank = 1 where state = 'RELEASED'`,
    'insert into wallet (id) select iccid from profile',
    'create function f() returns void language plpgsql as $$ begin end $$',
    'select max("id") from "event"',
  ];
  assert.deepEqual(forbiddenIn(allowed), []);
});

test('a migration may not do what the release before does not expect', () => {
  const forbidden = [
    'alter table "profile" drop column "state"',
    'alter table "profile" rename to "profiles"',
    'alter table "profile" rename column "imsi" to "supi"',
    'alter table "profile" alter column "msisdn" set not null',
    'alter table "profile" add constraint "one_imsi" unique ("imsi")',
    'alter table "profile" add column "colour" text not null',
    'alter table "profile" add column "wallet" text references "wallet" ("id")',
    'alter table "profile" add column "colour" text unique',
    `alter table "profile" add column "colour" text check (colour <> '')`,
    'create unique index "one_imsi" on "profile" ("account", "imsi")',
    'create table "wallet" ("iccid" text not null references "profile" ("iccid"))',
    'create trigger t before insert on event for each statement execute function f()',
    'drop table "profile_use"',
    'drop index "event_account"',
    `update event set type = 'profile.stocked' where type = 'profile.created'`,
    'update profile set eid = null, state = (select 1)',
    'delete from "delivery"',
    `insert into "operator" ("name") values ('x')`,
    'truncate profile',
  ];
  for (const statement of forbidden)
    assert.equal(forbiddenIn([statement]).length, 1, `it was allowed: ${statement}`);
});

test('migrations of before these rules would be refused, for what they have removed and renamed', async () => {
  const of = async (number: number) => forbiddenIn(await postgresStatementsOf(await migrationOf(number)));
  assert.match((await of(15)).join('\n'), /update event set type/);
  assert.match((await of(36)).join('\n'), /drop index api_key_account: /);
});
