import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toHex } from '@esim-rsp/codec';
import type { Random } from '@esim-rsp/sgp22/crypto/random';

/** The name of the server of a data folder among those that share a store. It stays the same, so that a server that starts again knows what it had claimed. */
const NODE_FILE = 'node-id';

/** Reads the name, or creates one. */
export function nodeIdOf(folder: string, random: Random): string {
  const path = join(folder, NODE_FILE);
  const known = readNodeId(path);
  if (known !== undefined) return known;
  const id = toHex(random(8));
  writeFileSync(path, `${id}\n`, { mode: 0o600 });
  return id;
}

function readNodeId(path: string): string | undefined {
  try {
    return /^([0-9a-f]{16})\n$/.exec(readFileSync(path, 'latin1'))?.[1];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
