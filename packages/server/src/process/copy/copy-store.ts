import { dirname } from 'node:path';
import type { CopyEnd } from '../../store/copy/copy-end.ts';
import { copyTables } from '../../store/copy/copy-tables.ts';
import type { VerifiedTable } from '../../store/copy/differences.ts';
import { verifyCopy } from '../../store/copy/verify.ts';
import { newestSchema } from '../../store/migrations/migrate.ts';
import { StoreError } from '../../store/ports/store-error.ts';
import { defaultOptions } from '../../store/postgres/connection/options.ts';
import { postgresEnd } from '../../store/postgres/copy/end.ts';
import { sqliteEnd } from '../../store/sqlite/copy/end.ts';
import { databaseIn, openFolder } from '../data.ts';
import { lockFolder } from '../folder/lock.ts';
import { syncFolder } from '../folder/marker.ts';
import { StartError } from '../start-error.ts';

/** The data folder of a server with SQLite, or a PostgreSQL database. */
export type StoreLocation = { readonly folder: string } | { readonly url: string };

export type CopyOptions = {
  readonly from: StoreLocation;
  readonly to: StoreLocation;
  /** No server uses the source: this is the last run, after which servers use the target. */
  readonly isSwitch: boolean;
  readonly report: (progress: CopyProgress) => void;
};

export type CopyProgress = {
  readonly step: 'copying' | 'comparing';
  readonly table: string;
  /** From 0 to 1. */
  readonly share: number;
};

export type CopyResult = {
  /** Rows that were written into the target in this run, and deleted from it. */
  readonly written: number;
  readonly deleted: number;
  /** The time in which no server could use the source; absent: they could. */
  readonly switchMs?: number;
  /** Of the run that switches: all tables, which are equal. */
  readonly tables?: readonly VerifiedTable[];
};

/**
 * Copies all data from one store into another. While servers use the source, a run brings the target up to date with it. The last run needs a source
 * without servers: it copies what has changed since, compares everything, and opens the target for servers. A run that ends in the middle is repeated. Throws a
 * StartError that says what to do.
 */
export async function copyStore(options: CopyOptions): Promise<CopyResult> {
  await using opened = new AsyncDisposableStack();
  try {
    const { from, to, isSwitch } = options;
    if ('folder' in from === 'folder' in to)
      throw new StartError(
        "one store must be SQLite and the other PostgreSQL: to move a data folder use 'esim backup' and 'esim restore', to move a PostgreSQL database use pg_dump and pg_restore",
      );
    if (isSwitch && 'folder' in from) opened.defer(lockFolder(from.folder));
    const source = await open(from, 'source', opened);
    await requireNewest(source);
    const target = await open(to, 'target', opened);
    await prepareTarget(target);
    const result = await run(source, target, options);
    if (isSwitch && 'folder' in to) syncFolder(dirname(databaseIn(to.folder)));
    return result;
  } catch (error) {
    throw explain(error);
  }
}

function explain(error: unknown): unknown {
  if (error instanceof StoreError) return new StartError(error.message, { cause: error });
  const { code, message } = error as NodeJS.ErrnoException;
  if (error instanceof StartError || code === undefined) return error;
  return new StartError(`the copy has ended (${message}): run it again, it continues`, { cause: error });
}

async function open(
  location: StoreLocation,
  is: 'source' | 'target',
  opened: AsyncDisposableStack,
): Promise<CopyEnd> {
  if ('folder' in location && is === 'target') {
    openFolder(location.folder);
    opened.defer(lockFolder(location.folder));
  }
  const end =
    'folder' in location
      ? await sqliteEnd(databaseIn(location.folder), is)
      : await postgresEnd({ ...defaultOptions, url: location.url }, is);
  opened.defer(end.close);
  return end;
}

async function requireNewest(source: CopyEnd): Promise<void> {
  const schema = await source.schema();
  if (schema === newestSchema) return;
  const advice =
    schema < newestSchema ? 'start the server of this version once' : 'use the version of its server';
  throw new StartError(
    `${source.place} has schema ${schema}, and this version copies schema ${newestSchema}: ${advice}`,
  );
}

async function prepareTarget(target: CopyEnd): Promise<void> {
  const state = await target.targetState();
  if (state === 'used')
    throw new StartError(
      `${target.place} is not empty: nothing was changed; use an empty database or folder`,
    );
  if (state === 'empty') await target.prepare();
}

async function run(source: CopyEnd, target: CopyEnd, { isSwitch, report }: CopyOptions): Promise<CopyResult> {
  const started = performance.now();
  await source.beginReading(isSwitch);
  const rows = await countRows(source);
  const { equal, ...copied } = await copyTables(source, target, progressOf('copying', rows, report));
  if (!isSwitch) {
    await source.endReading();
    return copied;
  }
  const tables = await verifyCopy(source, target, progressOf('comparing', rows, report), equal);
  await source.endReading();
  await target.finish();
  return { ...copied, switchMs: Math.round(performance.now() - started), tables };
}

async function countRows(source: CopyEnd): Promise<number> {
  let rows = 0;
  for (const table of await source.tables()) rows += await source.count(table);
  return rows;
}

function progressOf(step: CopyProgress['step'], rows: number, report: CopyOptions['report']) {
  let done = 0;
  return (table: string, more: number) => {
    done += more;
    report({ step, table, share: rows === 0 ? 1 : Math.min(1, done / rows) });
  };
}
