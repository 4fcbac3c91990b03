import { newestSchema } from '../migrations/migrate.ts';
import type { HealthStore } from '../ports/health.ts';
import type { Connection } from './connection/connection.ts';

const MAX_USER_VERSION = 0x7fff_ffff;

/** The number `user_version` of SQLite is not used for anything else: raising it writes a page. */
export function sqliteHealth({ db, read, write }: Connection): HealthStore {
  return {
    tryWrite: () =>
      write(() => {
        const { user_version: number } = db.prepare('pragma user_version').get() as { user_version: number };
        db.exec(`pragma user_version = ${(number + 1) % MAX_USER_VERSION}`);
      }),
    schemaVersion: () =>
      read(() => {
        const row = db.prepare('select max(number) as found from migration').get();
        return { found: Number(row?.found), known: newestSchema };
      }),
  };
}
