import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, linkSync, openSync, readFileSync, unlinkSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { MasterKey, MasterKeySource } from '../ports/secrets/master-key.ts';
import { StoreError } from '../ports/store-error.ts';
import { MASTER_KEY_BYTES, parseMasterKey } from './master-key.ts';

/** The file that the first start creates in the data folder. */
export const KEY_FILE = 'master.key';

/** A master key in a file. */
export function keyFile(path: string): MasterKeySource {
  const place = `the file ${path}`;
  return {
    place,
    read: async (id) => {
      const key = readKeyFile(path, place);
      if (id === undefined || key?.id === id) return key;
      const next = readKeyFile(nextKeyFile(path), place);
      return next?.id === id ? next : key;
    },
  };
}

/** The key that a rotation has started to use, before it takes the place of the old one. */
export function nextKeyFile(path: string): string {
  return `${path}.next`;
}

/** The key that a rotation has replaced. */
export function oldKeyFile(path: string, id: string): string {
  return `${path}.${id}`;
}

/** The same for the file in the data folder: the first start creates it. */
export function keyFileIn(folder: string): MasterKeySource {
  const path = join(folder, KEY_FILE);
  const source = keyFile(path);
  return { ...source, create: async () => createKeyFile(path) };
}

/** Reads a key; undefined: there is no such file. */
export function readKeyFile(path: string, place = `the file ${path}`): MasterKey | undefined {
  try {
    return parseMasterKey(readFileSync(path, 'utf8'), place);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    if (code === undefined) throw error;
    throw new StoreError(`the master key in ${place} cannot be read (${code})`, { cause: error });
  }
}

/** Creates a file with a new key, durably and readable by its owner only. If another process was first, its key is returned. */
export function createKeyFile(path: string): MasterKey {
  const unfinished = `${path}.${process.pid}.unfinished`;
  try {
    const file = openSync(unfinished, 'wx', 0o600);
    writeSync(file, `${randomBytes(MASTER_KEY_BYTES).toString('base64')}\n`);
    fsyncSync(file);
    closeSync(file);
    try {
      linkSync(unfinished, path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    unlinkSync(unfinished);
    syncFolder(dirname(path));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new StoreError(`the master key ${path} cannot be created (${code}): make its folder writable`, {
      cause: error,
    });
  }
  return readKeyFile(path) as MasterKey;
}

function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  fsyncSync(handle);
  closeSync(handle);
}
