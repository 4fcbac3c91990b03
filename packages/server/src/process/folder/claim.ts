import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { KEY_FILE } from '../../chain/anchor-key.ts';
import type { Log } from '../../log/log.ts';
import { credentialsIn } from '../credentials.ts';
import { databaseIn } from '../data.ts';
import { StartError } from '../start-error.ts';
import { findDamage, sizeOf } from './check-database.ts';
import { lockFolder } from './lock.ts';
import { MARKER_FILE, removeMarker, writeMarker } from './marker.ts';
import { UNFINISHED_RESTORE } from './names.ts';
import { isPkiOf } from './pki-owner.ts';

export type Claim = {
  readonly dataDir: string;
  readonly pkiDir: string;
  /** In PostgreSQL: then the folder has none. */
  readonly database?: unknown;
  readonly log: Pick<Log, 'info' | 'warn'>;
};

/**
 * Takes the data folder for this server: one server only, none that has lost its database, and no damaged database after a
 * stop that was not clean. Disposing of `opened` releases it. Throws a StartError that says what to do.
 */
export async function claimFolder(
  { dataDir, pkiDir, database, log }: Claim,
  opened: AsyncDisposableStack,
): Promise<void> {
  opened.defer(lockFolder(dataDir));
  if (database === undefined) refuseLostDatabase(dataDir, pkiDir);
  const stoppedCleanly = !existsSync(join(dataDir, MARKER_FILE));
  writeMarker(dataDir, Date.now());
  const isHere = database === undefined && sizeOf(databaseIn(dataDir)) > 0;
  if (!stoppedCleanly && isHere) await checkDatabase(databaseIn(dataDir), log);
  opened.defer(() => removeMarker(dataDir));
}

/** What a server has written remains, but its database is gone: starting would create another, empty one. */
function refuseLostDatabase(dataDir: string, pkiDir: string): void {
  if (existsSync(join(dataDir, UNFINISHED_RESTORE)))
    throw new StartError(
      `'esim restore' did not finish in ${dataDir}: delete the content of that folder, and restore again`,
    );
  const database = databaseIn(dataDir);
  if (sizeOf(database) > 0 || (existsSync(database) && sizeOf(`${database}-wal`) > 0)) return;
  const remains = [
    ...(sizeOf(`${database}-wal`) > 0 ? [`${database}-wal`] : []),
    ...(existsSync(credentialsIn(dataDir)) ? [credentialsIn(dataDir)] : []),
    ...(isPkiOf(dataDir, pkiDir) ? [pkiDir] : []),
    ...(existsSync(join(dataDir, KEY_FILE)) ? [join(dataDir, KEY_FILE)] : []),
  ];
  if (remains.length > 0)
    throw new StartError(
      `the database ${database} is missing or empty, but ${remains.join(' and ')} of an earlier start ${remains.length > 1 ? 'are' : 'is'} there: put the database back or run 'esim restore' into an empty folder; to start with nothing, move ${remains.join(' and ')} away`,
    );
}

/** Between two lines of progress. */
const REPORT_MILLISECONDS = 2000;

async function checkDatabase(path: string, log: Claim['log']): Promise<void> {
  const megabytes = Math.ceil(sizeOf(path) / 1e6);
  log.warn(`the server did not stop cleanly: checking the database (${megabytes} MB)`);
  let reported = performance.now();
  const finding = await findDamage(path, ({ table, done, tables }) => {
    if (performance.now() - reported < REPORT_MILLISECONDS) return;
    reported = performance.now();
    log.info(`checked ${done} of ${tables} tables, the next one is ${table}`);
  });
  if (finding !== undefined) throw damaged(path, finding);
  log.info('the database is intact');
}

function damaged(path: string, finding: string): StartError {
  return new StartError(
    `the database ${path} is damaged (${finding}): move the data folder away, and restore the latest backup with 'esim restore FILE'`,
  );
}
