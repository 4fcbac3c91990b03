import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { type Dependency, dependenciesOfCommand } from './dependencies.ts';
import { licencesPage } from './licences.ts';

export const ROOT = join(import.meta.dirname, '../..');

/** The platform of the Node that `npm ci` has installed, in its words and in those of Debian. */
export const PLATFORM = `${process.platform}-${process.arch}`;
export const DEBIAN_ARCHITECTURE = process.arch === 'x64' ? 'amd64' : process.arch;

export const VERSION: string = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).version;

/** Files that a running program does not read: declarations, sources, maps. */
const UNUSED = /\.(?:[cm]?ts|map)$/;
/** The same in packages of others: their tests, pages and settings of tools. */
const UNUSED_OF_OTHERS =
  /(?:^|\/)(?:tests?|__tests__|specs|fixtures|bench(?:mark|marks)?|docs|examples?|integration|scripts|\.[^/]+)(?:\/|$)|\.(?:sh|html)$/;
/** Of a package that has its modules twice: those for `require`, which nothing here uses. */
const UNUSED_OF_TWICE = /^(?:dist|build)\/cjs(?:\/|$)/;
/** Of a package with an addon: its sources, and what its compilation leaves except the addon, if that was built. */
const UNUSED_OF_ADDONS = /^(?:src|includes|binding\.gyp)(?:\/|$)|^build\/(?!Release$|Release\/[^/]+\.node$)/;

/**
 * Writes all that the program needs into a folder: the command `esim`, the Node that runs it, the compiled packages,
 * their dependencies, the guide and the licences. `SHA256SUMS` lists every file.
 */
export function writeTree(folder: string): void {
  if (process.platform !== 'linux') throw new Error('packages are made on Linux only');
  rmSync(folder, { recursive: true, force: true });
  const dependencies = dependenciesOfCommand();
  writeOurs(folder, dependencies.filter(isOurs));
  // An optional package may be missing. The addon of pkcs11js is compiled on the machine, if at all: see the guide.
  const others = dependencies.filter((one) => !isOurs(one) && existsSync(join(ROOT, one.path)));
  for (const { path } of others) {
    const unused = [UNUSED, UNUSED_OF_OTHERS];
    if (existsSync(join(ROOT, path, 'binding.gyp'))) unused.push(UNUSED_OF_ADDONS);
    if (['dist/esm', 'build/esm'].some((modules) => existsSync(join(ROOT, path, modules))))
      unused.push(UNUSED_OF_TWICE);
    copy(join(ROOT, path), join(folder, path), (file) => !unused.some((each) => each.test(file)));
  }
  mkdirSync(join(folder, 'bin'));
  cpSync(process.execPath, join(folder, 'bin/node'));
  writePages(folder, others);
  writeExecutable(join(folder, 'esim'), readFileSync(join(import.meta.dirname, 'esim.sh'), 'utf8'));
  writeFileSync(join(folder, 'SHA256SUMS'), checksums(folder));
}

function isOurs({ path }: Dependency): boolean {
  return path.startsWith('packages/');
}

function writeOurs(folder: string, ours: readonly Dependency[]): void {
  const compiled = mkdtempSync(join(tmpdir(), 'esim-compiled-'));
  try {
    const names = ours.map(({ path }) => path.replace('packages/', ''));
    const build = [join(ROOT, 'scripts/build.ts'), '--into', compiled, ...names];
    execFileSync(process.execPath, build, { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] });
    for (const name of names)
      copy(join(compiled, name), join(folder, 'node_modules/@esim-rsp', name), (file) => !UNUSED.test(file));
  } finally {
    rmSync(compiled, { recursive: true, force: true });
  }
}

/** Copies a package without the packages inside it, which have a place in the list of their own. */
function copy(from: string, to: string, isUsed: (file: string) => boolean): void {
  cpSync(from, to, {
    recursive: true,
    filter: (path) => {
      const file = relative(from, path);
      return file === '' || (isUsed(file) && !file.split('/').includes('node_modules'));
    },
  });
}

function writePages(folder: string, dependencies: readonly Dependency[]): void {
  for (const path of ['LICENSE', 'CHANGELOG.md', '.env.example', 'docs', 'deploy'])
    cpSync(join(ROOT, path), join(folder, path), { recursive: true });
  cpSync(join(import.meta.dirname, 'README.md'), join(folder, 'README.md'));
  const page = licencesPage(dependencies, (path) => join(ROOT, path), dirname(dirname(process.execPath)));
  writeFileSync(join(folder, 'LICENCES.md'), page);
}

function writeExecutable(path: string, text: string): void {
  writeFileSync(path, text);
  chmodSync(path, 0o755);
}

/** The paths of all files in a folder, in the order of their octets, which no language changes. */
export function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}

/** The only files that are executable. */
const EXECUTABLE = new Set(['esim', 'bin/node']);
export function modeOf(path: string): number {
  return EXECUTABLE.has(path) ? 0o755 : 0o644;
}

function checksums(folder: string): string {
  return filesIn(folder)
    .map(
      (path) =>
        `${createHash('sha256')
          .update(readFileSync(join(folder, path)))
          .digest('hex')}  ${path}\n`,
    )
    .join('');
}

/** The time of all files in a package, in Unix seconds: of the latest commit, unless SOURCE_DATE_EPOCH names another. */
export function sourceTime(): number {
  const set = process.env.SOURCE_DATE_EPOCH;
  if (set !== undefined) return Number(set);
  try {
    return Number(execFileSync('git', ['log', '-1', '--format=%ct'], { cwd: ROOT, encoding: 'utf8' }));
  } catch {
    return 0; // not a clone of the repository
  }
}
