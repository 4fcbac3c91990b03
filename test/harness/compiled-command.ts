import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { withCompileCache } from '../../scripts/compile-cache.ts';

const ROOT = join(import.meta.dirname, '../..');
const CACHE = withCompileCache.NODE_COMPILE_CACHE;
const NAME = 'command-';
const DAY_MS = 86_400_000;

let found: string | undefined;

/**
 * The path of the `esim` command of this checkout, compiled into a few files: tests start it hundreds of times, and loading it from hundreds of files
 * takes more than twice as long. It is compiled when the source has changed, and stays in node_modules/.cache.
 */
export function compiledCommand(): string {
  found ??= compiledFrom(digestOfSource());
  return found;
}

function compiledFrom(digest: string): string {
  const folder = join(CACHE, NAME + digest);
  const main = join(folder, 'main.js');
  if (existsSync(main)) return main;
  removeOld();
  execFileSync(process.execPath, [join(import.meta.dirname, 'compile-command.ts'), folder], {
    env: withCompileCache,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return main;
}

/** Changes with each file that is compiled: with its name, its size or the time of its last change. */
function digestOfSource(): string {
  const hash = createHash('sha256');
  const own = globSync(['packages/*/src/**/*.ts', 'test/harness/compile*.ts'], { cwd: ROOT }).sort();
  for (const file of [...own, 'package-lock.json']) {
    const { size, mtimeMs } = statSync(join(ROOT, file));
    hash.update(`${ROOT} ${file} ${size} ${mtimeMs}\n`);
  }
  return hash.digest('hex').slice(0, 16);
}

/** What was compiled from an older source. Its servers may still run, so it stays for a day. */
function removeOld(): void {
  for (const name of existsSync(CACHE) ? readdirSync(CACHE) : []) {
    const folder = join(CACHE, name);
    if (name.startsWith(NAME) && Date.now() - statSync(folder).mtimeMs > DAY_MS)
      rmSync(folder, { recursive: true, force: true });
  }
}
