import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { ServerStore } from '@esim-rsp/server/store/ports/server-store';
import { openSqliteStore } from '#server/store/sqlite/store';
import type { Settings } from '../harness/server.ts';

/** A database engine under test. Each data folder has a database of its own. */
export type Engine = {
  readonly name: 'sqlite';
  /** Settings of a node that uses the database of a data folder. */
  readonly settings: (dataDir: string) => Settings;
  /** Opens the same database in this process. */
  readonly open: (dataDir: string) => Promise<ServerStore>;
  /** What the engine itself finds wrong in its files. */
  readonly damage: (dataDir: string) => readonly string[];
};

const sqlite: Engine = {
  name: 'sqlite',
  settings: () => ({}),
  open: (dataDir) => openSqliteStore(join(dataDir, 'esim.db')),
  damage: (dataDir) => {
    const db = new DatabaseSync(join(dataDir, 'esim.db'), { timeout: 5000 });
    try {
      const rows = (text: string) =>
        db
          .prepare(text)
          .all()
          .map((row) => String(Object.values(row)[0]));
      return [
        ...rows('pragma quick_check').filter((line) => line !== 'ok'),
        ...rows('pragma foreign_key_check').map((table) => `a row of ${table} refers to a row that is gone`),
        ...rows('select iccid from profile where iccid not in (select iccid from profile_content)').map(
          (iccid) => `the profile ${iccid} has no content`,
        ),
      ];
    } finally {
      db.close();
    }
  },
};

export const engines: readonly Engine[] = [sqlite];
