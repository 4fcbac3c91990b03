import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { type CodedFile, codedFile, codings } from '../../http/coded-file.ts';

/** A file of the built console, in each coding that it is there in. */
export type ConsoleFile = {
  readonly type: string;
  /** Whether its name changes with its content. */
  readonly isHashed: boolean;
  readonly codings: readonly CodedFile[];
};

/** The files of the console, by their path below /console, such as /assets/index-B1x2y3z4.js. */
export type ConsoleFiles = ReadonlyMap<string, ConsoleFile>;

/** A built console is much smaller. */
const MOST_FILES = 2000;
const MOST_BYTES = 64 * 1024 * 1024;

const types: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  json: 'application/json; charset=utf-8',
  webmanifest: 'application/manifest+json; charset=utf-8',
  txt: 'text/plain; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
  jpg: 'image/jpeg',
  webp: 'image/webp',
  ico: 'image/x-icon',
  woff2: 'font/woff2',
  wasm: 'application/wasm',
};

/**
 * Reads the folder of the built console. Files with .br or .gz at their end are the same file, compressed. Links are left out. Only these files
 * are ever sent: a path is looked up among them, and opens nothing. Throws an error that says what is wrong with the folder.
 */
export function readConsoleFiles(folder: string): ConsoleFiles {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const bytes = paths.reduce((sum, path) => sum + statSync(path).size, 0);
  if (paths.length > MOST_FILES || bytes > MOST_BYTES)
    throw new Error(`${folder} has ${paths.length} files with ${bytes} bytes: that is no built console`);
  const known = new Set(paths);
  const files = new Map(
    paths
      .filter((path) => !isCompressed(path, known))
      .map((path) => [urlOf(relative(folder, path)), fileAt(path, known)] as const),
  );
  if (!files.has('/index.html')) throw new Error(`${folder} has no index.html: that is no built console`);
  return files;
}

function isCompressed(path: string, known: ReadonlySet<string>): boolean {
  return [codings.br, codings.gzip].some(
    (ending) => path.endsWith(ending) && known.has(path.slice(0, -ending.length)),
  );
}

function urlOf(path: string): string {
  return `/${path.split(sep).map(encodeURIComponent).join('/')}`;
}

function fileAt(path: string, known: ReadonlySet<string>): ConsoleFile {
  const ending = /\.(\w+)$/.exec(path)?.[1] ?? '';
  return {
    type: types[ending] ?? 'application/octet-stream',
    isHashed: /[\\/]assets[\\/].*[-.][\w-]{8,}\.\w+$/.test(path),
    codings: (Object.keys(codings) as (keyof typeof codings)[])
      .filter((coding) => known.has(path + codings[coding]))
      .map((coding) => codedFile(coding, readFileSync(path + codings[coding]))),
  };
}
