import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';

/** The server that uses the folder. The file remains if the server does not stop cleanly. */
export const MARKER_FILE = 'server.json';

/** Where a server can be reached, and the folder of its PKI. */
export type ServerAddresses = {
  readonly restUrl: string;
  readonly es9Url: string;
  /** Absent: ES2+ is not served. */
  readonly es2Url?: string;
  readonly smdpAddress: string;
  readonly pkiDir: string;
};

export type ServerMarker = {
  readonly pid: number;
  readonly host: string;
  readonly startedAt: string;
  /** Absent: the server is starting. */
  readonly addresses?: ServerAddresses;
};

/** undefined: there is no marker, or it cannot be read. */
export function readMarker(folder: string): ServerMarker | undefined {
  try {
    const marker = JSON.parse(readFileSync(join(folder, MARKER_FILE), 'utf8'));
    const { pid, host, started_at: startedAt } = marker;
    if (!Number.isSafeInteger(pid) || typeof host !== 'string' || typeof startedAt !== 'string')
      return undefined;
    const addresses = addressesIn(marker);
    return { pid, host, startedAt, ...(addresses !== undefined && { addresses }) };
  } catch {
    return undefined;
  }
}

function addressesIn(marker: Readonly<Record<string, unknown>>): ServerAddresses | undefined {
  const { rest_url: restUrl, es9_url: es9Url, es2_url: es2Url } = marker;
  const { smdp_address: smdpAddress, pki_dir: pkiDir } = marker;
  if (typeof restUrl !== 'string' || typeof es9Url !== 'string') return undefined;
  if (typeof smdpAddress !== 'string' || typeof pkiDir !== 'string') return undefined;
  return { restUrl, es9Url, ...(typeof es2Url === 'string' && { es2Url }), smdpAddress, pkiDir };
}

/** Writes the marker of this process durably, in one step. `startedAt`: Unix milliseconds. */
export function writeMarker(folder: string, startedAt: number, addresses?: ServerAddresses): void {
  const marker = {
    pid: process.pid,
    host: hostname(),
    started_at: new Date(startedAt).toISOString(),
    ...(addresses !== undefined && {
      rest_url: addresses.restUrl,
      es9_url: addresses.es9Url,
      es2_url: addresses.es2Url,
      smdp_address: addresses.smdpAddress,
      pki_dir: addresses.pkiDir,
    }),
  };
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

/** Writes into the marker where the server is, for the commands on this machine. */
export function publishAddresses(folder: string, addresses: ServerAddresses): void {
  const startedAt = readMarker(folder)?.startedAt;
  writeMarker(folder, startedAt === undefined ? Date.now() : Date.parse(startedAt), addresses);
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
