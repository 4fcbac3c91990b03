import { writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { ServerStore } from '../ports/server-store.ts';
import { testMasterKey } from '../sealing/test-key.harness.ts';
import { createTables, storeOn } from './store.ts';

/** The image of a database in which nothing is but the tables. */
let empty: Promise<Uint8Array> | undefined;

/** An empty SQLite store in memory, which is gone when it is closed. Tests open many: the tables are created once, and copied. */
export async function openMemoryStore(): Promise<ServerStore> {
  const db = new DatabaseSync(':memory:', { enableForeignKeyConstraints: true });
  db.deserialize(await emptyImage());
  return storeOn(db, testMasterKey);
}

/** Writes a file with the tables and nothing else, as the server finds it at its second start. */
export async function writeEmptyDatabase(path: string): Promise<void> {
  writeFileSync(path, await emptyImage());
}

function emptyImage(): Promise<Uint8Array> {
  empty ??= createImage();
  return empty;
}

async function createImage(): Promise<Uint8Array> {
  using db = new DatabaseSync(':memory:');
  await createTables(db);
  return db.serialize();
}
