import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { sql } from 'kysely';
import pg from 'pg';
import { copyTables } from '../copy/copy-tables.ts';
import { verifyCopy } from '../copy/verify.ts';
import { postgresEnd } from '../postgres/copy/end.ts';
import { connected } from '../postgres/migrations.ts';
import { openPostgresStore } from '../postgres/store.ts';
import { installations, NO_POSTGRES, optionsFor, startPostgres } from '../postgres/testing/server.harness.ts';
import { testMasterKey } from '../sealing/test-key.harness.ts';
import { sqliteEnd } from '../sqlite/copy/end.ts';
import { earlierDatabase, readsAllOf, runMigrations } from './earlier-schema.harness.ts';
import { newestSchema } from './migrate.ts';

/** The first schema that a program used with PostgreSQL. */
const BASELINE = 33;

const folder = mkdtempSync(join(tmpdir(), 'esim-every-schema-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** Every column, index and trigger. */
async function schemaOf(url: string): Promise<unknown> {
  const client = new pg.Client(url);
  await client.connect();
  const rows = async (text: string) => (await client.query(text)).rows;
  const schema = [
    await rows(`select table_name, column_name, data_type, collation_name, is_nullable, column_default
      from information_schema.columns where table_schema = 'public' order by 1, 2`),
    await rows("select indexdef from pg_indexes where schemaname = 'public' order by 1"),
    await rows('select tgrelid::regclass::text, tgname from pg_trigger where not tgisinternal order by 1, 2'),
    await rows(
      'select conrelid::regclass::text, conname, pg_get_constraintdef(oid) from pg_constraint order by 1, 2',
    ),
  ];
  await client.end();
  return schema;
}

const [oldest] = installations();
if (oldest === undefined) test('PostgreSQL databases of every schema open', { skip: NO_POSTGRES });
else
  describe('databases of earlier schemas', async () => {
    const server = await startPostgres(oldest);
    after(() => server[Symbol.asyncDispose]());
    const fresh = await server.createDatabase();
    await (await openPostgresStore(optionsFor(fresh), testMasterKey)).close();

    const tables = await server.createDatabase();
    await connected(optionsFor(tables), async (kysely) => {
      await sql`create table migration_lock (id integer primary key)`.execute(kysely);
    });
    let latest = 0;
    /** A database with the tables of a schema: a copy of one whose tables get the migrations one after the other. */
    const databaseOf = async (schema: number) => {
      await connected(optionsFor(tables), (kysely) =>
        runMigrations(kysely, { bytes: 'bytea', integer: 'bigint', byKey: '' }, { from: latest, to: schema }),
      );
      latest = schema;
      return server.copyOf(tables);
    };

    for (let schema = BASELINE; schema <= newestSchema; schema++)
      test(`a PostgreSQL database of schema ${schema} opens, with all its rows and the tables of a new one`, async () => {
        const path = join(folder, `${schema}.db`);
        writeFileSync(path, await earlierDatabase(schema));
        const options = optionsFor(await databaseOf(schema));
        const [source, target] = [await sqliteEnd(path, 'source'), await postgresEnd(options, 'target')];
        await copyTables(source, target, () => undefined);
        await verifyCopy(source, target, () => undefined);
        await source.close();
        await target.close();
        const store = await openPostgresStore(options, testMasterKey);
        await readsAllOf(store, schema);
        await store.close();
        assert.deepEqual(await schemaOf(options.url), await schemaOf(fresh));
      });
  });
