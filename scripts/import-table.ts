/** The import table: what each package may import and what it may not touch. A violation fails `npm run check`. */

import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crowdedFolders, FOLDERS, folderViolations, tableCircles } from './import-table-folders.ts';
import {
  bare,
  type Import,
  importsOf,
  packagesIn,
  readSources,
  type Source,
  TEST,
} from './import-table-read.ts';

interface Rule {
  /** Packages that its sources may import; `node:` means all of Node's modules. */
  readonly imports: readonly string[];
  /** Packages of which it may import types only. */
  readonly types?: readonly string[];
  /** What only the files of one folder may import and touch. */
  readonly inFolder?: { folder: string; imports: readonly string[]; touches: readonly Taboo[] };
  /** Whether it may import the other dependencies in its package.json, except packages of this repository. */
  readonly anyDependency?: true;
  /** Whether it is published as a bundle: what it imports is in its devDependencies, so that it is not installed. */
  readonly isBundle?: true;
  /** What its sources may not touch. */
  readonly without: readonly Taboo[];
}

type Taboo = keyof typeof TABOOS;

/** Words of the source text, comments and strings left out. */
const TABOOS = {
  clock: /\bDate\.now\b|\bnew Date\b(?!\s*\(\s*[^)\s])|\bperformance\b|\bset(?:Timeout|Interval|Immediate)\b/,
  randomness: /\bMath\.random\b|\bgetRandomValues\b|\brandom(?:UUID|Bytes|Int)\b/,
  network: /\bfetch\b(?=\s*\()|\bXMLHttpRequest\b|\bWebSocket\b/,
  console: /\bconsole\b(?=\s*[.[])/,
  nodeGlobals: /\bprocess\b(?=\s*[.[])|\bBuffer\b(?=\s*[.(])|\brequire\b(?=\s*\()|\b__dirname\b/,
} as const;

const PURE: readonly Taboo[] = ['clock', 'randomness', 'network', 'console'];

export const TABLE: Record<string, Rule> = {
  codec: { imports: [], without: [...PURE, 'nodeGlobals'] },
  sgp22: {
    imports: ['@esim-rsp/codec'],
    inFolder: { folder: 'crypto/', imports: ['node:crypto'], touches: ['nodeGlobals'] },
    without: [...PURE, 'nodeGlobals'],
  },
  smdp: { imports: ['@esim-rsp/sgp22', '@esim-rsp/codec'], without: [...PURE, 'nodeGlobals'] },
  euicc: { imports: ['@esim-rsp/sgp22', '@esim-rsp/codec'], without: [...PURE, 'nodeGlobals'] },
  phone: {
    imports: ['node:', '@esim-rsp/euicc', '@esim-rsp/sgp22', '@esim-rsp/codec'],
    without: ['console'],
  },
  sdk: {
    imports: [],
    inFolder: { folder: 'axios/', imports: ['axios'], touches: [] },
    without: ['console', 'nodeGlobals'],
  },
  server: {
    imports: ['node:', '@esim-rsp/smdp', '@esim-rsp/sgp22', '@esim-rsp/codec'],
    types: ['@esim-rsp/sdk'],
    anyDependency: true,
    without: [],
  },
  cli: {
    imports: [
      'node:',
      '@esim-rsp/server',
      '@esim-rsp/console',
      '@esim-rsp/euicc',
      '@esim-rsp/phone',
      '@esim-rsp/sdk',
      '@esim-rsp/smdp',
      '@esim-rsp/sgp22',
      '@esim-rsp/codec',
    ],
    anyDependency: true,
    without: [],
  },
  console: { imports: ['@esim-rsp/sdk'], anyDependency: true, isBundle: true, without: ['nodeGlobals'] },
};

/** What a source file of a package does that the table does not allow, a sentence each. */
export function violations(
  name: string,
  file: string,
  source: string,
  dependencies: readonly string[],
): string[] {
  const rule = TABLE[name];
  if (rule === undefined) return [`packages/${name} is not in the import table (scripts/import-table.ts).`];
  const where = `packages/${name}/src/${file}`;
  const imported = importsOf(source)
    .filter((one) => !allowed(rule, file, one, dependencies))
    .map(({ from, typeOnly }) => `${where} may not import ${typeOnly ? 'even types of ' : ''}${from}.`);
  const text = bare(source);
  const lifted = rule.inFolder && file.startsWith(rule.inFolder.folder) ? rule.inFolder.touches : [];
  const touched = rule.without
    .filter((taboo) => !lifted.includes(taboo))
    .map((taboo) => [taboo, TABOOS[taboo].exec(text)?.[0]] as const)
    .filter(([, word]) => word !== undefined)
    .map(([taboo, word]) => `${where} may not touch ${word} (${taboo}).`);
  return [...imported, ...touched];
}

function allowed(
  rule: Rule,
  file: string,
  { from, typeOnly }: Import,
  dependencies: readonly string[],
): boolean {
  if (from.startsWith('.')) return staysInside(file, from);
  if (rule.inFolder?.imports.includes(from)) return file.startsWith(rule.inFolder.folder);
  if (from.startsWith('node:')) return rule.imports.includes('node:');
  const wanted = packageOf(from);
  if (!dependencies.includes(wanted)) return false;
  if (rule.imports.includes(wanted) || (typeOnly && rule.types?.includes(wanted))) return true;
  return rule.anyDependency === true && !wanted.startsWith('@esim-rsp/');
}

/** `@scope/name/a/b` is of the package `@scope/name`. */
function packageOf(from: string): string {
  return from
    .split('/')
    .slice(0, from.startsWith('@') ? 2 : 1)
    .join('/');
}

/** Whether a relative import leads to a source of the same package (or to its package.json). */
function staysInside(file: string, from: string): boolean {
  const path = join('src', file, '..', from).replaceAll('\\', '/');
  return (path.startsWith('src/') && !TEST.test(path)) || path === 'package.json';
}

/** Every violation in the packages of a repository, and in the folders of its packages and tests. */
export function check(root: string): string[] {
  const sources = readSources(root);
  return [
    ...sources.filter(({ file }) => !TEST.test(file)).flatMap((source) => inPackage(source, root)),
    ...Object.entries(FOLDERS).flatMap(([name, table]) => tableCircles(name, table)),
    ...packagesIn(sources).flatMap(([name, own]) => folderViolations(name, own)),
    ...crowdedFolders(root),
    ...STANDALONE.flatMap((folder) => standaloneViolations(folder, root)),
  ];
}

/** Folders whose sources judge the packages, and so share no code with them: they import each other only. */
const STANDALONE = ['test/saip'];

function standaloneViolations(folder: string, root: string): string[] {
  const files = globSync('**/*.ts', { cwd: join(root, folder) }).filter((file) => !TEST.test(file));
  return files.sort().flatMap((file) =>
    importsOf(readFileSync(join(root, folder, file), 'utf8'))
      .filter(({ from }) => !/^\.\/[\w-]+\.ts$/.test(from) || TEST.test(from))
      .map(({ from }) => `${folder}/${file} may not import ${from}: it shares no code with the packages.`),
  );
}

function inPackage({ name, file, text }: Source, root: string): string[] {
  const manifest = JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8'));
  const { dependencies: needed, peerDependencies, optionalDependencies, devDependencies } = manifest;
  const bundled = TABLE[name]?.isBundle === true ? devDependencies : {};
  const dependencies = Object.keys({ ...needed, ...peerDependencies, ...optionalDependencies, ...bundled });
  return violations(name, file, text, dependencies);
}

if (import.meta.main) {
  const found = check(join(import.meta.dirname, '..'));
  for (const sentence of found) console.error(sentence);
  process.exitCode = found.length === 0 ? 0 : 1;
}
