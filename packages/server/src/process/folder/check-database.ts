import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** `done` of `tables` tables are checked. */
export type CheckProgress = { readonly table: string; readonly done: number; readonly tables: number };

/**
 * Looks for damage in a database (`quick_check` of SQLite), table by table. Resolves to the first finding, or undefined: it
 * is intact. Signals and timers are served between two tables.
 */
export async function findDamage(
  path: string,
  report: (progress: CheckProgress) => void = () => undefined,
): Promise<string | undefined> {
  using db = new DatabaseSync(path, { timeout: 5000 });
  try {
    const tables = tableNames(db);
    for (const [done, table] of tables.entries()) {
      report({ table, done, tables: tables.length });
      await nextTurn();
      const finding = checkTable(db, table);
      if (finding !== undefined) return finding;
    }
    return undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_SQLITE_ERROR' || isBusy(error)) throw error;
    return (error as Error).message;
  }
}

function tableNames(db: DatabaseSync): string[] {
  const rows = db.prepare("select name from sqlite_master where type = 'table' order by name").all();
  return rows.map(({ name }) => String(name));
}

function checkTable(db: DatabaseSync, table: string): string | undefined {
  const [row] = db.prepare(`pragma quick_check("${table.replaceAll('"', '""')}")`).all();
  const text = String(Object.values(row ?? {})[0]);
  return text === 'ok' ? undefined : `${table}: ${text.replaceAll('\n', ' ').slice(0, 200)}`;
}

const SQLITE_BUSY = 5;

function isBusy(error: unknown): boolean {
  return (error as { errcode?: number }).errcode === SQLITE_BUSY;
}

/** Octets of a file; 0 if there is none. */
export function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
