import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative, sep } from 'node:path';
import { codings } from '../http/coded-file.ts';

/** What a package of the server has instead of the repository: `scripts/build.ts` copies it there. */
const COPIES = join(import.meta.dirname, 'files');
const ROOT = existsSync(COPIES) ? COPIES : join(import.meta.dirname, '../../../..');

/** The text of a document. Of a folder: a list of its documents. `path` is that in the repository. */
export function readDocument(path: string): string {
  const file = join(ROOT, path);
  if (!statSync(file).isDirectory()) return readFileSync(file, 'utf8');
  const names = readdirSync(file).filter((name) => name.endsWith('.md'));
  const items = names.sort().map((name) => {
    const [, title] = /^# (?:\d+: )?(.*)$/m.exec(readFileSync(join(file, name), 'utf8')) ?? [];
    return `* [${name.slice(0, 4)}](${name}): ${title ?? name}\n`;
  });
  return `# Decisions\n\nWhat was decided, why, and what it costs.\n\n${items.join('')}`;
}

/** The names of the documents in a folder. */
export function documentsIn(path: string): readonly string[] {
  return readdirSync(join(ROOT, path)).filter((name) => name.endsWith('.md'));
}

/** The paths of all files in a folder, also in those inside it. */
export function filesIn(path: string): readonly string[] {
  return readdirSync(join(ROOT, path), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).replaceAll(sep, '/'));
}

/** The octets of a file; undefined: there is none. */
export function readBytes(path: string): Buffer | undefined {
  const file = join(ROOT, path);
  return existsSync(file) && statSync(file).isFile() ? readFileSync(file) : undefined;
}

/** Where the build puts the script of the API reference, next to its compressed forms. */
export const BUNDLE = 'reference/scalar.js';

/** The script of the API reference, and its compressed forms as far as they are there; undefined: it is not installed. */
export function readBundle(): Partial<Record<keyof typeof codings, Buffer>> | undefined {
  if (ROOT !== COPIES) {
    const file = installedBundle();
    return file === undefined ? undefined : { identity: readFileSync(file) };
  }
  const files = Object.entries(codings).flatMap(([coding, ending]) => {
    const file = readBytes(BUNDLE + ending);
    return file === undefined ? [] : [[coding, file]];
  });
  return Object.fromEntries(files);
}

/** The path of the bundle in the package that `npm ci` installs. */
export function installedBundle(): string | undefined {
  try {
    const main = createRequire(import.meta.url).resolve('@scalar/fastify-api-reference');
    return join(main, '../js/standalone.js');
  } catch {
    return undefined;
  }
}
