import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LastAnchor } from '../../chain/anchor.ts';
import type { AnchorMemory } from '../../jobs/write-anchors.ts';
import { replaceFile } from '../../keys/pki-directory.ts';

/** In the data folder, and in no backup: the last anchor that this server has signed. */
const LAST_ANCHOR_FILE = '.last-anchor';

export function anchorMemory(folder: string): AnchorMemory {
  const path = join(folder, LAST_ANCHOR_FILE);
  return {
    read: () => readLastAnchor(folder),
    write: ({ key, number, hash }) => replaceFile(path, `${key} ${number} ${hash}\n`),
  };
}

/** undefined: there is none, or a power cut has left half of it. */
export function readLastAnchor(folder: string): LastAnchor | undefined {
  try {
    const text = readFileSync(join(folder, LAST_ANCHOR_FILE), 'latin1');
    const [, key, number, hash] = /^([0-9a-f]{16}) (\d{1,15}) ([0-9a-f]{64})\n$/.exec(text) ?? [];
    if (key === undefined || hash === undefined) return undefined;
    return { key, number: Number(number), hash };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
