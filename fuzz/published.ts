import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const DATA = join(import.meta.dirname, '../../shared/data');

/** The published files in one folder of `../shared/data`, if it is there. */
export function published(folder: string, ending = '.der'): Uint8Array[] {
  const directory = join(DATA, folder);
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => Uint8Array.from(readFileSync(join(directory, name))));
}
