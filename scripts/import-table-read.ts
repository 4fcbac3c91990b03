/** The sources of a repository, and what they import. */

import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Import {
  readonly from: string;
  readonly typeOnly: boolean;
}

/** Tests, their data and their harnesses: they may import more, and nothing else may import them. */
export const TEST = /\.(?:test|testdata|harness)\.ts$/;

const COMMENT = String.raw`\/\/[^\n]*|\/\*[\s\S]*?\*\/`;
const QUOTED = String.raw`'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"`;
const PATTERN = String.raw`(?<=[=(,:;!&|?{}[\n]\s*)\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/`;
const TOKEN = new RegExp(`${COMMENT}|(?<quoted>${QUOTED})|${PATTERN}`, 'g');

/** The source without comments, regular expressions and the insides of quotes. */
export function bare(source: string): string {
  return source.replace(TOKEN, (token) => (token.startsWith('/') ? ' ' : "''"));
}

/** What a source imports: statements of all forms, and import(), import.meta.resolve() and require() of a literal. */
export function importsOf(source: string): Import[] {
  const text = source.replace(
    TOKEN,
    (token, quoted?: string) => quoted ?? (token.startsWith('/') ? ' ' : token),
  );
  const statements = /(?:^|;)\s*(?:import|export)\b(?<what>[^;'"]*?)\bfrom\s*['"](?<from>[^'"]+)['"]/gm;
  const calls =
    /\b(?:import|import\.meta\.resolve|require)\s*\(\s*['"`](?<from>[^'"`]+)['"`]|(?:^|;)\s*import\s*['"](?<effect>[^'"]+)['"]/gm;
  return [
    ...[...text.matchAll(statements)].map(({ groups }) => ({
      from: groups?.from ?? '',
      typeOnly: /^\s*type\s+[\w$*{]/.test(groups?.what ?? ''),
    })),
    ...[...text.matchAll(calls)].map(({ groups }) => ({
      from: groups?.from ?? groups?.effect ?? '',
      typeOnly: false,
    })),
  ];
}

/** A file of a package: `file` is its path below `packages/NAME/src`. */
export interface Source {
  readonly name: string;
  readonly file: string;
  readonly text: string;
}

/** All files of the packages, tests included. */
export function readSources(root: string): Source[] {
  return globSync('packages/*/src/**/*.{ts,tsx}', { cwd: root })
    .map((path) => path.replaceAll('\\', '/'))
    .sort()
    .map((path) => {
      const [, name = '', , ...rest] = path.split('/');
      return { name, file: rest.join('/'), text: readFileSync(join(root, path), 'utf8') };
    });
}

export function packagesIn(sources: readonly Source[]): [name: string, own: Source[]][] {
  return Object.entries(Object.groupBy(sources, ({ name }) => name)).map(([name, own = []]) => [name, own]);
}

/** The files of its own package that each file imports; types count too. */
export function importGraph(sources: readonly Source[]): Map<string, string[]> {
  const files = new Set(sources.map(({ file }) => file));
  return new Map(
    sources.map(({ name, file, text }) => [
      file,
      importsOf(text)
        .map(({ from }) => (from.startsWith('.') ? join(file, '..', from) : ownFile(name, from)))
        .map((path) => path.replaceAll('\\', '/'))
        .filter((path) => files.has(path)),
    ]),
  );
}

/** A package may import itself by its name: `@esim-rsp/server/rest/app` is `rest/app.ts`. */
function ownFile(name: string, from: string): string {
  const prefix = `@esim-rsp/${name}/`;
  return from.startsWith(prefix) ? `${from.slice(prefix.length)}.ts` : '';
}
