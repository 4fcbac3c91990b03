import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

type Locked = {
  readonly version?: string;
  readonly license?: string;
  readonly link?: true;
  /** Where a link leads to. */
  readonly resolved?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
};

/** A package that the program needs when it runs. */
export type Dependency = {
  /** From the root of the repository, such as `node_modules/pg`, or `packages/server` for one of ours. */
  readonly path: string;
  readonly version: string;
  readonly licence: string;
};

/** All packages that the `esim` command needs, directly or not, ordered by path: ours and those of others. */
export function dependenciesOfCommand(): readonly Dependency[] {
  const lock: Readonly<Record<string, Locked>> = JSON.parse(
    readFileSync(join(ROOT, 'package-lock.json'), 'utf8'),
  ).packages;
  const found = new Set(['packages/cli']);
  for (const path of found) {
    const { dependencies, optionalDependencies } = lock[path] ?? {};
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies }))
      found.add(placeOf(lock, path, name));
  }
  return [...found].sort().map((path) => {
    const { version = '', license = '' } = lock[path] ?? {};
    return { path, version, licence: license };
  });
}

/** Where Node finds a package that `from` imports: in the nearest node_modules. */
function placeOf(lock: Readonly<Record<string, Locked>>, from: string, name: string): string {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    const place = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`;
    const locked = lock[place];
    if (locked !== undefined) return locked.link ? (locked.resolved ?? place) : place;
    if (folder === '') throw new Error(`package-lock.json has no ${name}, which ${from} needs`);
  }
}
