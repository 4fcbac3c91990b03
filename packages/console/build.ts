/** Builds the console into `dist`: `node packages/console/build.ts`. `npm start` builds it when its sources have changed. */

import {
  existsSync,
  globSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { Metafile } from 'esbuild';

const HERE = import.meta.dirname;
const ROOT = join(HERE, '../..');
export const DIST = join(HERE, 'dist');
/** What the files of `dist` were built from. It is written last, so that an unfinished build counts as stale. */
const STAMP = join(ROOT, 'node_modules/.cache/esim-rsp/console-sources');

/** Builds the console if its sources have changed since the last build. Resolves to whether it did. */
export async function buildIfStale(): Promise<boolean> {
  const stamp = describeSources();
  if (existsSync(join(DIST, 'index.html')) && existsSync(STAMP) && readFileSync(STAMP, 'utf8') === stamp)
    return false;
  await buildConsole(DIST);
  mkdirSync(join(STAMP, '..'), { recursive: true });
  writeFileSync(STAMP, stamp);
  return true;
}

/** Size and time of each source: reading them takes milliseconds, so each start can afford it. */
function describeSources(): string {
  const own = globSync('{src,../sdk/src}/**/*.{ts,tsx,css,html,svg}', { cwd: HERE }).filter(
    (file) => !file.includes('.test.'),
  );
  return [...own.sort(), 'build.ts', 'package.json']
    .map((file) => {
      const { size, mtimeMs } = statSync(join(HERE, file));
      return `${file} ${size} ${mtimeMs}`;
    })
    .join('\n');
}

/** Writes the page, its script, its style and the licences of what the script contains into a folder. */
export async function buildConsole(folder: string): Promise<void> {
  const { build } = await import('esbuild');
  const scratch = `${folder}.${process.pid}`;
  const { metafile } = await build({
    absWorkingDir: HERE,
    entryPoints: ['src/main.tsx', 'src/style/console.css'],
    outdir: join(scratch, 'assets'),
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    target: 'es2024',
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"production"' },
    metafile: true,
    legalComments: 'none',
    logLevel: 'silent',
  });
  writeFileSync(join(scratch, 'index.html'), page(metafile));
  writeFileSync(join(scratch, 'icon.svg'), readFileSync(join(HERE, 'src/icon.svg')));
  writeFileSync(join(scratch, 'LICENCES.txt'), licences(metafile));
  for (const file of globSync('**/*.{js,css,html,svg}', { cwd: scratch })) compress(join(scratch, file));
  replaceFolder(folder, scratch);
}

/** Puts the new folder in the place of the old one, at once: a server may start meanwhile. */
function replaceFolder(folder: string, by: string): void {
  const old = `${by}.old`;
  mkdirSync(join(folder, '..'), { recursive: true });
  if (existsSync(folder)) renameSync(folder, old);
  renameSync(by, folder);
  rmSync(old, { recursive: true, force: true });
}

/** Writes the same file compressed next to it: the server sends what the browser takes. */
function compress(file: string): void {
  const content = readFileSync(file);
  writeFileSync(`${file}.br`, brotliCompressSync(content));
  writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }));
}

/** The page, with the names of the files that it loads. They contain a hash, so browsers may keep them. */
function page({ outputs }: Metafile): string {
  const named = (entry: string) => {
    const [path = ''] = Object.entries(outputs).find(([, { entryPoint }]) => entryPoint === entry) ?? [];
    return `/console/assets/${path.split('/').at(-1)}`;
  };
  return readFileSync(join(HERE, 'src/index.html'), 'utf8')
    .replace('main.tsx', named('src/main.tsx'))
    .replace('console.css', named('src/style/console.css'));
}

/** The licence texts of the packages of others in the script. */
function licences({ inputs }: Metafile): string {
  const names = Object.keys(inputs).flatMap(
    (path) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? [],
  );
  return [...new Set(names)]
    .sort()
    .map((name) => {
      const at = join(ROOT, 'node_modules', name);
      const { version, license } = JSON.parse(readFileSync(join(at, 'package.json'), 'utf8'));
      const [file] = globSync('{LICENSE,LICENCE,license}*', { cwd: at });
      const text = file === undefined ? '' : readFileSync(join(at, file), 'utf8');
      return `${name} ${version} (${license})\n\n${text.trim()}\n`;
    })
    .join('\n----\n\n');
}

if (import.meta.main) await buildConsole(DIST);
