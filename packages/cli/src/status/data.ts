import { accessSync, constants, statfsSync, statSync } from 'node:fs';
import { databaseIn, type StorePlace } from '@esim-rsp/server/process/data';
import {
  type DatabaseSummary,
  inspectDatabase,
  inspectPostgres,
  UNFINISHED_COPY,
} from '@esim-rsp/server/process/folder/inspect-database';
import { type Check, ok, problem } from './check.ts';

/** Less free space than this is a warning. */
const LOW_BYTES = 200e6;

/** The data folder and the database in it. A folder of a server elsewhere is no failure: `isHere` says whether one is expected. */
export async function checkData(place: StorePlace, isHere: boolean): Promise<Check[]> {
  const { dataDir } = place;
  if (statSync(dataDir, { throwIfNoEntry: false }) === undefined)
    return [
      problem(
        'data folder',
        isHere ? 'failed' : 'skipped',
        `${dataDir} does not exist`,
        "start the server here once, or set ESIM_DATA_DIR to the server's folder",
      ),
    ];
  const access = accessCheck(dataDir);
  return access.state === 'failed'
    ? [access]
    : [access, await databaseCheck(place, isHere), ...spaceCheck(dataDir)];
}

function accessCheck(dataDir: string): Check {
  try {
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const detail = `${dataDir} cannot be used by this user (${code})`;
    return problem('data folder', 'failed', detail, 'run the command as the user of the server');
  }
  if (othersMayRead(dataDir))
    return problem('data folder', 'warning', `other users can read ${dataDir}`, `chmod 700 ${dataDir}`);
  return ok('data folder', `${dataDir}, for its owner only`);
}

/** Whether users other than the owner may read a file or folder. Windows has no such bits. */
export function othersMayRead(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  return process.platform !== 'win32' && found !== undefined && (found.mode & 0o077) !== 0;
}

async function databaseCheck({ dataDir, database }: StorePlace, isHere: boolean): Promise<Check> {
  return database === undefined ? fileCheck(dataDir, isHere) : postgresCheck(database);
}

async function postgresCheck(database: NonNullable<StorePlace['database']>): Promise<Check> {
  try {
    const { place, ...schema } = await inspectPostgres(database);
    return schemaCheck(place, schema);
  } catch (error) {
    const advice = 'start it, or correct ESIM_DATABASE_URL';
    return problem('database', 'failed', `PostgreSQL cannot be used (${(error as Error).message})`, advice);
  }
}

function schemaCheck(
  where: string,
  { schema, newestSchema, isUsable }: Pick<DatabaseSummary, 'schema' | 'newestSchema' | 'isUsable'>,
): Check {
  if (schema === UNFINISHED_COPY)
    return problem(
      'database',
      'failed',
      `${where} is the target of a copy that has not finished`,
      "run 'esim store copy' with --switch, or use another database",
    );
  const text = `${where}, schema ${schema}`;
  if (schema === newestSchema) return ok('database', text);
  if (isUsable) return ok('database', `${text}, which the next version has only added to`);
  return schema < newestSchema
    ? problem(
        'database',
        'warning',
        `${text}, the newest is ${newestSchema}`,
        'the next start updates it; make a backup first',
      )
    : problem(
        'database',
        'failed',
        `${text}, this program knows ${newestSchema}`,
        'use the version of esim-rsp that wrote it',
      );
}

function fileCheck(dataDir: string, isHere: boolean): Check {
  const path = databaseIn(dataDir);
  try {
    const found = inspectDatabase(dataDir);
    if (found === undefined)
      return problem(
        'database',
        isHere ? 'failed' : 'skipped',
        `${path} does not exist`,
        "start the server here once, or set ESIM_DATA_DIR to the server's folder, or ESIM_DATABASE_URL if it uses PostgreSQL",
      );
    return schemaCheck(`${path}, ${(found.bytes / 1e6).toFixed(1)} MB`, found);
  } catch (error) {
    const advice = "move the data folder away, and restore the latest backup with 'esim restore FILE'";
    return problem('database', 'failed', `${path} cannot be read: ${(error as Error).message}`, advice);
  }
}

function spaceCheck(dataDir: string): Check[] {
  const { bavail, bsize } = statfsSync(dataDir);
  const free = bavail * bsize;
  if (free >= LOW_BYTES) return [];
  const detail = `${Math.floor(free / 1e6)} MB are free on the disk of ${dataDir}`;
  return [problem('disk', 'warning', detail, 'make room: without it the server cannot write')];
}
