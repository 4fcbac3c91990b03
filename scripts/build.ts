/**
 * `npm run build [package …]`: compiles each package into packages/<name>/dist, ready to be published. With
 * `--into FOLDER` into FOLDER/<name>.
 */

import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { writeDocsFiles } from './guides/docs-files.ts';

const ROOT = join(import.meta.dirname, '..');
/** Inside node_modules, so that the compiler finds the type packages from there. */
const SCRATCH = join(ROOT, 'node_modules', '.cache', `esim-rsp-build-${process.pid}`);
/** Packages that browsers, older Nodes and CommonJS programs use too. */
const EVERYWHERE = new Set(['sdk']);
/** Packages that are files for browsers, with all that they need inside. */
const BUNDLES = new Set(['console']);

interface Manifest {
  name: string;
  private?: boolean;
  exports: Record<string, string>;
  bin?: Record<string, string>;
  devDependencies?: unknown;
  [member: string]: unknown;
}

const { values, positionals: named } = parseArgs({
  options: { into: { type: 'string' } },
  allowPositionals: true,
});
const packages = globSync('packages/*/package.json', { cwd: ROOT })
  .map((path) => path.split(/[\\/]/)[1] ?? '')
  .filter((name) => named.length === 0 || named.includes(name))
  .filter((name) => !manifestOf(name).private);
const unknown = named.filter((name) => !packages.includes(name));
if (unknown.length > 0) fail(`There is no package to publish in packages/${unknown.join(', packages/')}.`);

try {
  for (const name of packages.filter((name) => !BUNDLES.has(name)))
    rmSync(dist(name), { recursive: true, force: true });
  buildForNode(packages.filter((name) => !EVERYWHERE.has(name) && !BUNDLES.has(name)));
  for (const name of packages.filter((name) => EVERYWHERE.has(name))) buildForAll(name);
  for (const name of packages.filter((name) => BUNDLES.has(name))) await buildBundle(name);
  for (const name of packages) console.log(relative(ROOT, dist(name)));
} finally {
  rmSync(SCRATCH, { recursive: true, force: true });
}

/** ES modules that keep the folders of the sources. They import each other, so the compiler sees them all at once. */
function buildForNode(names: string[]): void {
  if (names.length === 0) return;
  const include = names.flatMap((name) => [`packages/${name}/src/**/*.ts`, `packages/${name}/bin/**/*.ts`]);
  compile('node', include, { rootDir: join(ROOT, 'packages'), outDir: SCRATCH });
  for (const name of names) {
    cpSync(join(SCRATCH, name), dist(name), { recursive: true });
    copyAssets(name);
    finish(name, (path) => ({ types: compiled(path, '.d.ts'), default: compiled(path, '.js') }));
  }
}

/** ES modules and CommonJS, compiled without Node's types, so that code that browsers cannot run does not compile. */
function buildForAll(name: string): void {
  const include = [`packages/${name}/src/**/*.ts`];
  const common = {
    rootDir: join(ROOT, 'packages', name, 'src'),
    types: [],
    lib: ['es2022', 'dom', 'dom.iterable'],
  };
  compile('esm', include, { ...common, target: 'es2022', outDir: join(dist(name), 'esm') });
  compile('cjs', include, {
    ...common,
    target: 'es2022',
    module: 'commonjs',
    moduleResolution: 'bundler',
    verbatimModuleSyntax: false,
    outDir: join(dist(name), 'cjs'),
  });
  write(join(dist(name), 'cjs', 'package.json'), { type: 'commonjs' });
  const format = (path: string, folder: string) => {
    const moved = path.replace('/src/', `/${folder}/`);
    return { types: compiled(moved, '.d.ts'), default: compiled(moved, '.js') };
  };
  const { types, default: main } = format('./src/index.ts', 'cjs');
  finish(name, (path) => ({ import: format(path, 'esm'), require: format(path, 'cjs') }), { main, types });
}

/** What `build.ts` of the package builds, at the root of the package. */
async function buildBundle(name: string): Promise<void> {
  const { buildConsole } = await import(`../packages/${name}/build.ts`);
  await buildConsole(dist(name));
  finish(name, (path) => path.replace('./dist/', './') as unknown as object);
}

function compile(label: string, include: string[], compilerOptions: object): void {
  const project = join(SCRATCH, `tsconfig.${label}.json`);
  write(project, {
    extends: join(ROOT, 'tsconfig.json'),
    compilerOptions: { noEmit: false, noEmitOnError: true, declaration: true, ...compilerOptions },
    include: include.map((pattern) => join(ROOT, pattern)),
    exclude: [
      join(ROOT, 'packages/**/*.test.ts'),
      join(ROOT, 'packages/**/*.testdata.ts'),
      join(ROOT, 'packages/**/*.harness.ts'),
      join(ROOT, 'packages/*/dist'),
    ],
  });
  try {
    execFileSync(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', project], {
      cwd: ROOT,
    });
  } catch (error) {
    fail(String((error as { stdout?: Buffer }).stdout ?? error));
  }
}

/** Copies the files that are not TypeScript: data, pages, migrations. */
function copyAssets(name: string): void {
  const from = join(ROOT, 'packages', name);
  for (const folder of ['src', 'bin']) {
    if (!existsSync(join(from, folder))) continue;
    cpSync(join(from, folder), join(dist(name), folder), {
      recursive: true,
      filter: (path) => !path.endsWith('.ts') && !path.includes('.testdata.'),
    });
  }
  if (name === 'server') writeDocsFiles(join(dist(name), 'src/docs/files'));
}

/** Writes the manifest of the compiled files, the page and the licence. Declarations import .js files. */
function finish(name: string, target: (path: string) => object, more: object = {}): void {
  const { exports, bin, devDependencies: _, ...manifest } = manifestOf(name);
  write(join(dist(name), 'package.json'), {
    ...manifest,
    ...more,
    exports: {
      ...Object.fromEntries(Object.entries(exports).map(([key, path]) => [key, target(path)])),
      './package.json': './package.json',
    },
    ...(bin && {
      bin: Object.fromEntries(Object.entries(bin).map(([key, path]) => [key, compiled(path, '.js')])),
    }),
  });
  for (const file of globSync('**/*.d.ts', { cwd: dist(name) }).map((path) => join(dist(name), path))) {
    writeFileSync(file, readFileSync(file, 'utf8').replace(/(["'])(\.{1,2}\/[^"']*)\.ts\1/g, '$1$2.js$1'));
  }
  cpSync(join(ROOT, 'LICENSE'), join(dist(name), 'LICENSE'));
  const page = join(ROOT, 'packages', name, 'README.md');
  if (existsSync(page)) cpSync(page, join(dist(name), 'README.md'));
}

function compiled(path: string, extension: string): string {
  return path.replace(/\.ts$/, extension);
}

function dist(name: string): string {
  return values.into === undefined ? join(ROOT, 'packages', name, 'dist') : join(values.into, name);
}

function manifestOf(name: string): Manifest {
  return JSON.parse(readFileSync(join(ROOT, 'packages', name, 'package.json'), 'utf8'));
}

function write(path: string, value: object): void {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`);
}

function fail(message: string): never {
  rmSync(SCRATCH, { recursive: true, force: true });
  console.error(message);
  process.exit(1);
}
