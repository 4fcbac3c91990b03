import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';

/** The server that uses the folder. The file remains if the server does not stop cleanly. */
export const MARKER_FILE = 'server.json';

export type ServerMarker = { readonly pid: number; readonly host: string; readonly startedAt: string };

/** undefined: there is no marker, or it cannot be read. */
export function readMarker(folder: string): ServerMarker | undefined {
  try {
    const { pid, host, started_at: startedAt } = JSON.parse(readFileSync(join(folder, MARKER_FILE), 'utf8'));
    return Number.isSafeInteger(pid) && typeof host === 'string' && typeof startedAt === 'string'
      ? { pid, host, startedAt }
      : undefined;
  } catch {
    return undefined;
  }
}

/** Writes the marker of this process durably, in one step. */
export function writeMarker(folder: string, now: number): void {
  const marker = { pid: process.pid, host: hostname(), started_at: new Date(now).toISOString() };
  const unfinished = join(folder, `${MARKER_FILE}.unfinished`);
  const file = openSync(unfinished, 'w', 0o600);
  try {
    writeSync(file, `${JSON.stringify(marker)}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(unfinished, join(folder, MARKER_FILE));
  syncFolder(folder);
}

export function removeMarker(folder: string): void {
  rmSync(join(folder, MARKER_FILE), { force: true });
}

export function describeServer({ pid, host, startedAt }: ServerMarker): string {
  const where = host === hostname() ? '' : ` on ${host}`;
  return `process ${pid}${where}, since ${startedAt}`;
}

/** Makes the names in a folder durable. Windows does this by itself and cannot open folders. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const directory = openSync(folder, 'r');
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}
