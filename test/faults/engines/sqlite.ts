import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openSqliteStore } from '#server/store/sqlite/store';
import type { EngineKind } from '../engine.ts';

/** The database is a file in the data folder. */
export const sqlite: EngineKind = {
  name: 'sqlite',
  unavailable: () => undefined,
  start: async () => ({
    name: 'sqlite',
    create: async () => undefined,
    settings: () => ({}),
    open: (dataDir) => openSqliteStore(join(dataDir, 'esim.db')),
    damage: async (dataDir) => damageIn(join(dataDir, 'esim.db')),
    [Symbol.asyncDispose]: async () => undefined,
  }),
};

function damageIn(file: string): readonly string[] {
  const db = new DatabaseSync(file, { timeout: 5000 });
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
}
