import { DatabaseSync } from 'node:sqlite';
import type { ServerStore } from '../ports/server-store.ts';
import { createTables, storeOn } from './store.ts';

/** The image of a database in which nothing is but the tables. */
let empty: Promise<Uint8Array> | undefined;

/** An empty SQLite store in memory, which is gone when it is closed. Tests open many: the tables are created once, and copied. */
export async function openMemoryStore(): Promise<ServerStore> {
  empty ??= emptyImage();
  const image = await empty;
  const db = new DatabaseSync(':memory:', { enableForeignKeyConstraints: true });
  db.deserialize(image);
  return storeOn(db);
}

async function emptyImage(): Promise<Uint8Array> {
  using db = new DatabaseSync(':memory:');
  await createTables(db);
  return db.serialize();
}
