import { existsSync, readFileSync } from 'node:fs';
import { isAbsolute, join, relative } from 'node:path';
import { OWNER_FILE } from '../../keys/smdp-keys.ts';

/** Whether a server with this data folder created this PKI itself. A PKI of `esim pki init`, or of a CA, has no owner. */
export function isPkiOf(dataDir: string, pkiDir: string): boolean {
  const path = join(pkiDir, OWNER_FILE);
  if (!existsSync(path)) return false;
  return isInside(dataDir, pkiDir) || readFileSync(path, 'utf8').trim() === dataDir;
}

/** Whether a path is in a folder, or is the folder. Both are absolute. */
export function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return !way.startsWith('..') && !isAbsolute(way);
}
