import { setTimeout as sleep } from 'node:timers/promises';
import type { ConnectionStatistics } from '../../ports/health.ts';
import {
  type Readable,
  type ReadableOne,
  type ReportUnreadable,
  readableBy,
  readableOneBy,
} from '../../rows/readable.ts';
import { type Opened, openedBy } from '../../rows/secrets/secret-columns.ts';
import type { Sealing } from '../../sealing/data-keys.ts';
import type { Call, Result, Statement } from './batch.ts';
import {
  explainFailure,
  isConnectionLost,
  isOutdatedStatement,
  isWorthAnotherTry,
  sqlStateOf,
} from './failures.ts';
import { createOrder, type InOrder } from './in-order.ts';
import type { PostgresOptions } from './options.ts';
import { openPool, type Pool, type Session } from './pool.ts';
import { statementOf } from './statements.ts';
import { createTurn } from './turn.ts';

/** The database as the records use it. What is asked for in one turn of the event loop shares a round trip where it can. */
export type Connection = {
  /** Reads of one turn see the database at one moment. */
  rows(statement: Statement, ...values: readonly unknown[]): Promise<unknown[]>;
  /** The same for a read that takes longer: others do not wait for it. */
  rowsAlone(statement: Statement, ...values: readonly unknown[]): Promise<unknown[]>;
  /** Several reads in one round trip, each of what was committed when it begins. */
  readEach(calls: readonly Call[]): Promise<Result[]>;
  /** Writes in one transaction and one round trip: all of them, or none if one fails. */
  write(calls: readonly Call[]): Promise<Result[]>;
  /** One write; resolves to the number of rows. */
  change(statement: Statement, ...values: readonly unknown[]): Promise<number>;
  /** For a write that depends on what was read: a round trip for each step, and two more. It runs again if another one was in the way. */
  transaction<T>(work: (session: Session) => Promise<T>): Promise<T>;
  /** Work of this process that shares a record: so it does not wait for itself inside the database. */
  readonly inOrder: InOrder;
  readonly sealing: Sealing;
  readonly opened: Opened;
  readonly readable: Readable;
  readonly readableOne: ReadableOne;
  statistics(): ConnectionStatistics;
  close(): Promise<void>;
};

const begin = statementOf('begin');
const beginReading = statementOf('begin isolation level repeatable read read only');
const commit = statementOf('commit');
const rollback = statementOf('rollback');
const control = (statement: Statement): Call => ({ statement, values: [] });

/** How often statements run again because another transaction was in the way. */
const TRIES = 5;
const RETRY_MS = 100;

export function connectTo(options: PostgresOptions, sealing: Sealing, report: ReportUnreadable): Connection {
  const pool = openPool(options, sealing.seal);
  const once = (work: (session: Session) => Promise<Result[]>) => attempt(pool, work);
  const read = (calls: readonly Call[]) =>
    untilAnswered(options.waitMs, () => once((session) => session.run(calls)));
  const readTogether = async (calls: readonly Call[]): Promise<Result[]> => {
    if (calls.length === 1) return read(calls);
    const whole = [control(beginReading), ...calls, control(commit)];
    const results = await untilAnswered(options.waitMs, () => once((session) => runWhole(session, whole)));
    return results.slice(1, -1);
  };
  const turn = createTurn(readTogether);
  const write = (calls: readonly Call[]) => turn.afterReads(() => once((session) => session.run(calls)));
  return {
    rows: (statement, ...values) => turn.read({ statement, values }),
    rowsAlone: async (statement, ...values) => (await read([{ statement, values }]))[0]?.rows ?? [],
    readEach: read,
    write,
    change: async (statement, ...values) => (await write([{ statement, values }]))[0]?.changes ?? 0,
    transaction: (work) => turn.afterReads(() => attempt(pool, (session) => inTransaction(session, work))),
    inOrder: createOrder(),
    sealing,
    opened: openedBy(sealing),
    readable: readableBy(report),
    readableOne: readableOneBy(report),
    statistics: pool.statistics,
    close: async () => {
      await turn.finish();
      await pool.close();
    },
  };
}

/** Runs work on a connection, and again while another transaction is in the way. Throws a StoreUnavailable for what time may repair. */
async function attempt<T>(pool: Pool, work: (session: Session) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++)
    try {
      return await pool.use(work);
    } catch (error) {
      if (isOutdatedStatement(error)) pool.forgetStatements();
      const again = isOutdatedStatement(error) || isWorthAnotherTry(error) || isOnReplica(error);
      if (!again || tries === TRIES) throw explainFailure(error);
      await sleep(isOnReplica(error) ? RETRY_MS : Math.random() * 10);
    }
}

/** A primary was replaced, and this connection leads to a replica. Nothing was written. */
function isOnReplica(error: unknown): boolean {
  return sqlStateOf(error) === '25006';
}

/** Repeats a read while the database is away, for a limited time. */
async function untilAnswered<T>(waitMs: number, read: () => Promise<T>): Promise<T> {
  const until = performance.now() + waitMs;
  for (;;)
    try {
      return await read();
    } catch (error) {
      const { cause } = error as Error;
      if (cause === undefined || !isConnectionLost(cause) || performance.now() > until) throw error;
      await sleep(RETRY_MS);
    }
}

/** A batch with its own begin and commit: after a failure the transaction is still to be ended. */
async function runWhole(session: Session, calls: readonly Call[]): Promise<Result[]> {
  try {
    return await session.run(calls);
  } catch (error) {
    await session.run([control(rollback)]).catch(() => undefined);
    throw error;
  }
}

async function inTransaction<T>(session: Session, work: (session: Session) => Promise<T>): Promise<T> {
  await session.run([control(begin)]);
  try {
    const result = await work(session);
    await session.run([control(commit)]);
    return result;
  } catch (error) {
    await session.run([control(rollback)]).catch(() => undefined);
    throw error;
  }
}
