import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { PkiFiles } from './files.ts';

/** The published SGP.26 test PKI for tests, where it is present beside the project. */
const directory = new URL('../../../../../shared/data/sgp26/', import.meta.url);

export const skipSgp26 = existsSync(directory) ? false : 'the published SGP.26 certificates are not present';

export function sgp26Files(): PkiFiles {
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return new Map(
    entries.map((entry) => {
      const folder = entry.parentPath.replace(/\/$/, '').split('/').at(-1);
      const path = `${folder}/${entry.name}`;
      return [path, Uint8Array.from(readFileSync(new URL(path, directory)))];
    }),
  );
}

export function sgp26File(path: string): Uint8Array {
  return Uint8Array.from(readFileSync(new URL(path, directory)));
}
