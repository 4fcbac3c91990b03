import pg from 'pg';
import {
  type Cell,
  type CopyEnd,
  type Key,
  type Table,
  TakenError,
  WRONG_COUNTS,
} from '../../copy/copy-end.ts';
import { UNFINISHED_COPY } from '../../migrations/unfinished-copy.ts';
import { StoreError } from '../../ports/store-error.ts';
import { connectToHost, mustBePrimary } from '../connection/client.ts';
import { sqlStateOf } from '../connection/failures.ts';
import { type PostgresOptions, placeOf } from '../connection/options.ts';
import { createTables } from '../migrations.ts';
import {
  digestsStatement,
  keyColumns,
  listOf,
  namesOf,
  quoted,
  releaseStatement,
  removeStatement,
  rowsStatement,
  turned,
  writeStatement,
} from './statements.ts';
import { readTables } from './tables.ts';

const INT8 = 20;
const UNIQUE_VIOLATION = '23505';
/** Keeps a second copy away from the same target. */
const COPY_LOCK = 7_311_940_255_018n;

/** A PostgreSQL database as one end of a copy. Nothing is written into a source. */
export async function postgresEnd(options: PostgresOptions, is: 'source' | 'target'): Promise<CopyEnd> {
  const place = placeOf(options.url);
  const client = await connect(options, is, place);
  try {
    await useFor(is, client, place);
  } catch (error) {
    await client.end();
    throw error;
  }
  return {
    ...stateOf(client, place, options),
    ...readerOf(client, place),
    ...writerOf(client),
    close: () => client.end(),
  };
}

/** Past a pooler, because the snapshot of the source and the lock of the target need one connection. A source may be a replica. */
async function connect(
  { url, directUrl = url, waitMs }: PostgresOptions,
  is: 'source' | 'target',
  place: string,
) {
  const config: pg.ClientConfig = {
    application_name: 'esim-rsp store copy',
    types: {
      getTypeParser: (type, format) => (type === INT8 ? BigInt : pg.types.getTypeParser(type, format)),
    },
  };
  try {
    return await connectToHost(
      directUrl,
      waitMs,
      config,
      is === 'target' ? mustBePrimary : async () => undefined,
    );
  } catch (error) {
    throw new StoreError(
      `${place} cannot be used (${(error as Error).message}): start it, or correct the URL`,
      { cause: error },
    );
  }
}

async function useFor(is: 'source' | 'target', client: pg.Client, place: string): Promise<void> {
  await client.query(`set statement_timeout = 0; set lock_timeout = '5s';
    set idle_in_transaction_session_timeout = 0`);
  const { rows } = await client.query('show server_encoding');
  if (rows[0]?.server_encoding !== 'UTF8')
    throw new StoreError(`${place} does not use UTF8: create the database with encoding 'UTF8'`);
  if (is === 'source') return;
  await client.query('set synchronous_commit = off'); // `finish` waits for the disk
  const locked = await client.query('select pg_try_advisory_lock($1) as done', [COPY_LOCK]);
  if (locked.rows[0]?.done !== true)
    throw new StoreError(`another copy writes into ${place}: wait until it has ended`);
}

type State = Pick<CopyEnd, 'place' | 'schema' | 'targetState' | 'prepare' | 'finish'>;

function stateOf(client: pg.Client, place: string, options: PostgresOptions): State {
  const schema = async () => {
    const { rows } = await client.query("select to_regclass('migration') is not null as found");
    if (rows[0]?.found !== true) return 0;
    const newest = await client.query('select coalesce(max(number), 0) as number from migration');
    return Number(newest.rows[0]?.number);
  };
  return {
    place,
    schema,
    targetState: async () => {
      if ((await schema()) === UNFINISHED_COPY) return 'unfinished';
      for (const { name } of await readTables(client)) {
        const where = name === 'outbox' ? 'where last_event <> 0' : '';
        const { rows } = await client.query(`select 1 from ${quoted(name)} ${where} limit 1`);
        if (rows.length > 0) return 'used';
      }
      return 'empty';
    },
    prepare: async () => {
      await createTables(options);
      await client.query('insert into migration (number) values ($1)', [UNFINISHED_COPY]);
    },
    finish: async () => {
      await sumUpCounts(client);
      await client.query('set synchronous_commit = on');
      await client.query('delete from migration where number = $1', [UNFINISHED_COPY]);
      await client.query('analyze');
    },
  };
}

/** The rows that triggers have added, replaced by one for each count. */
async function sumUpCounts(client: pg.Client): Promise<void> {
  await client.query(`with each as (delete from profile_count returning *)
    insert into profile_count (account, profile_type, state, count)
    select account, profile_type, state, sum(count) from each group by 1, 2, 3 having sum(count) <> 0`);
}

type Reader = Pick<
  CopyEnd,
  'tables' | 'beginReading' | 'endReading' | 'count' | 'digests' | 'rows' | 'lastNumber' | 'countsAreRight'
>;

function readerOf(client: pg.Client, place: string): Reader {
  const arrays = async (text: string, values: readonly unknown[]) => {
    const { rows } = await client.query({ text, values: [...values], rowMode: 'array' });
    return rows as unknown[][];
  };
  return {
    tables: () => readTables(client),
    beginReading: async (alone) => {
      if (alone) await refuseServers(client, place);
      const tables = listOf((await readTables(client)).map(({ name }) => name));
      await client.query('begin isolation level repeatable read');
      if (alone) await client.query(`lock table ${tables} in share mode`);
      await client.query('select 1 from migration limit 1'); // the snapshot begins with the first read
    },
    endReading: async () => void (await client.query('commit')),
    count: async ({ name }) => Number((await arrays(`select count(*) from ${quoted(name)}`, []))[0]?.[0]),
    digests: async (table, after, most) => {
      const rows = await arrays(digestsStatement(table, after === undefined, most), after ?? []);
      return rows.map((row) => ({ key: row.slice(0, -1) as unknown as Key, digest: row.at(-1) as string }));
    },
    rows: async (table, keys) =>
      (await arrays(rowsStatement(table), turned(keys, table.key.length))) as Cell[][],
    lastNumber: async (table) => {
      const [[last] = []] = await arrays(
        `select case when is_called then last_value else 0 end from ${await sequenceOf(client, table)}`,
        [],
      );
      return last as bigint;
    },
    countsAreRight: async () => Number((await arrays(WRONG_COUNTS, []))[0]?.[0]) === 0,
  };
}

/** Servers that are connected would continue to write. */
async function refuseServers(client: pg.Client, place: string): Promise<void> {
  const { rows } = await client.query(`select count(*) as servers from pg_stat_activity
    where datname = current_database() and application_name = 'esim-rsp'`);
  const servers = Number(rows[0]?.servers);
  if (servers > 0)
    throw new StoreError(`servers are connected to ${place} (${servers} connections): stop them first`);
}

async function sequenceOf(client: pg.Client, table: Table): Promise<string> {
  const [id] = table.key;
  const { rows } = await client.query('select pg_get_serial_sequence($1, $2) as name', [
    quoted(table.name),
    id,
  ]);
  return rows[0]?.name;
}

type Writer = Pick<CopyEnd, 'write' | 'release' | 'remove' | 'setLastNumber'>;

function writerOf(client: pg.Client): Writer {
  const forKeys = async (text: string, table: Table, keys: readonly Key[]) =>
    void (await client.query(text, turned(keys, keyColumns(table).length)));
  return {
    write: async (table, rows) => {
      try {
        await client.query(writeStatement(table), turned(rows, namesOf(table).length));
      } catch (error) {
        throw sqlStateOf(error) === UNIQUE_VIOLATION ? new TakenError(table.name, { cause: error }) : error;
      }
    },
    release: (table, keys) => forKeys(releaseStatement(table), table, keys),
    remove: (table, keys) => forKeys(removeStatement(table), table, keys),
    setLastNumber: async (table, last) => {
      const sequence = await sequenceOf(client, table);
      await client.query('select setval($1, greatest($2::bigint, 1), $2::bigint > 0)', [sequence, last]);
    },
  };
}
