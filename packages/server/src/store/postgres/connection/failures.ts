import type { DatabaseError } from 'pg';
import { StoreUnavailable } from '../../ports/store-error.ts';

/** SQLSTATE of an error that the database reported; undefined: another error. */
export function sqlStateOf(error: unknown): string | undefined {
  const { code } = error as Partial<DatabaseError>;
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && !code.startsWith('E') ? code : undefined;
}

/** What `require_one` of the database raises: a record is not the version that a save expects. */
const STALE = 'SP001';

export function isStale(error: unknown): boolean {
  return sqlStateOf(error) === STALE;
}

/** Whether a unique index refused a row. */
export function isConflictOn(index: string, error: unknown): boolean {
  return sqlStateOf(error) === '23505' && (error as DatabaseError).constraint === index;
}

/** Another transaction was in the way: the same statements may succeed when they are run again. */
const AGAIN = ['40001', '40P01'];

export function isWorthAnotherTry(error: unknown): boolean {
  return AGAIN.includes(sqlStateOf(error) ?? '');
}

/** The tables have changed since a statement was prepared. */
export function isOutdatedStatement(error: unknown): boolean {
  const state = sqlStateOf(error);
  return state === '26000' || (state === '0A000' && /cached plan/.test((error as Error).message));
}

/**
 * The database is going away, has no room for a connection, or is a replica: another connection may succeed. 08: connection; 57P: it
 * shuts down or starts; 53: resources; 25006: read only.
 */
const AWAY = /^(?:08...|57P0[1-5]|53...|25006)$/;

/** A statement took too long, or waited too long for a lock. */
const TOO_LONG = ['57014', '55P03', '25P03'];

/** Whether the connection must not be used again. */
export function isConnectionLost(error: unknown): boolean {
  const state = sqlStateOf(error);
  return state === undefined || AWAY.test(state);
}

/** A StoreUnavailable for what time may repair; any other error is returned as it is. */
export function explainFailure(error: unknown): unknown {
  if (error instanceof StoreUnavailable) return error;
  const { message } = error as Error;
  const state = sqlStateOf(error);
  if (state === undefined)
    return isOfNetwork(error)
      ? new StoreUnavailable(`the database cannot be reached (${message})`, { cause: error })
      : error;
  if (TOO_LONG.includes(state))
    return new StoreUnavailable(`the database took too long (${message})`, { cause: error });
  if (AWAY.test(state) || AGAIN.includes(state))
    return new StoreUnavailable(`the database is not available (${message})`, { cause: error });
  return error;
}

const LOST =
  /^(?:Connection terminated|timeout expired|timeout exceeded|the database did not answer|Client has encountered)/;

/** Of the network, or of the driver when a connection ends. */
export function isOfNetwork(error: unknown): boolean {
  const { code, message } = error as NodeJS.ErrnoException;
  return /^E[A-Z]{3,}$/.test(code ?? '') || LOST.test(message ?? '');
}

/** All connections of the pool were in use for too long. The database may be well. */
export function isPoolFull(error: unknown): boolean {
  return (error as Error).message === 'timeout exceeded when trying to connect';
}

/** Errors of a wrong name, password, certificate or address: waiting does not help. */
const WRONG = /^(?:28...|3D000|42501)$/;

/** Whether waiting for the database does not help. */
export function isHopeless(error: unknown): boolean {
  const state = sqlStateOf(error);
  if (state !== undefined) return WRONG.test(state);
  return !isOfNetwork(error) || (error as NodeJS.ErrnoException).code === 'ENOTFOUND';
}
