import {
  type DataTypeNode,
  Kysely,
  type KyselyPlugin,
  OperationNodeTransformer,
  PostgresDialect,
  type QueryId,
  RawNode,
  sql,
} from 'kysely';
import pg from 'pg';
import { migrate, newestSchema, type Schema, schemaQuery } from '../migrations/migrate.ts';
import { waitForPrimary } from './connection/client.ts';
import { sqlStateOf } from './connection/failures.ts';
import type { PostgresOptions } from './connection/options.ts';

const INT8 = 20;

/** How long a start waits for the database at least: unlike a call, it has no client that waits for an answer. */
const START_MS = 5000;

/**
 * Creates the tables of an empty database, and brings those of an older one to the newest version. However many nodes start at the same time, one of
 * them does it, and the others wait: it holds a lock on a row, which ends with its transaction, also behind a pooler.
 */
export function createTables(options: PostgresOptions): Promise<void> {
  return connected(options, async (kysely) => {
    if ((await schemaIn(kysely)).number === newestSchema) return;
    await createLock(kysely);
    await migrate(kysely, { bytes: 'bytea', integer: 'bigint', byKey: '' }, async (transaction) => {
      await sql`select id from migration_lock for update`.execute(transaction);
    });
  });
}

/** The schema that the database has; number 0: it is empty. Nothing is changed. */
export function readSchema(options: PostgresOptions): Promise<Schema> {
  return connected(options, schemaIn);
}

/** Does something with the tables over a connection of its own. */
export async function connected<T>(
  { url, directUrl = url, waitMs }: PostgresOptions,
  work: (kysely: Kysely<unknown>) => Promise<T>,
): Promise<T> {
  const client = await waitForPrimary(directUrl, Math.max(waitMs, START_MS), {
    types: {
      getTypeParser: (type, format) => (type === INT8 ? Number : pg.types.getTypeParser(type, format)),
    },
  });
  const pool = {
    connect: async () => Object.assign(client, { release: () => undefined }),
    end: () => client.end(),
  };
  const kysely = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }), plugins: [sortByBytes] });
  try {
    return await work(kysely);
  } finally {
    await kysely.destroy();
  }
}

/** The tables are missing. */
const UNDEFINED_TABLE = '42P01';
/** Somebody else has created the same table at the same time. */
const CREATED_MEANWHILE = ['23505', '42P07', '42710'];

async function schemaIn(kysely: Kysely<unknown>): Promise<Schema> {
  try {
    const { rows } = await sql<{
      number: number | null;
    }>`select max(number) as number from migration`.execute(kysely);
    const number = rows[0]?.number ?? 0;
    if (number <= newestSchema) return { number, usableFrom: null };
    const { rows: newer } = await sql.raw<Schema>(schemaQuery).execute(kysely);
    return newer[0] ?? { number, usableFrom: null };
  } catch (error) {
    if (sqlStateOf(error) === UNDEFINED_TABLE) return { number: 0, usableFrom: null };
    throw error;
  }
}

async function createLock(kysely: Kysely<unknown>): Promise<void> {
  try {
    await sql`create table if not exists migration_lock (id integer primary key)`.execute(kysely);
  } catch (error) {
    if (!CREATED_MEANWHILE.includes(sqlStateOf(error) ?? '')) throw error;
  }
  await sql`insert into migration_lock (id) values (1) on conflict do nothing`.execute(kysely);
}

/** Texts are sorted by their bytes, whatever the language of the database is: numbers and pages have the same order on every engine. */
class SortByBytes extends OperationNodeTransformer {
  protected override transformDataType(node: DataTypeNode, id?: QueryId): DataTypeNode {
    if (node.dataType !== 'text') return super.transformDataType(node, id);
    return RawNode.createWithSql('text collate "C"') as unknown as DataTypeNode;
  }
}

const transformer = new SortByBytes();
const sortByBytes: KyselyPlugin = {
  transformQuery: ({ node, queryId }) => transformer.transformNode(node, queryId),
  transformResult: async ({ result }) => result,
};
