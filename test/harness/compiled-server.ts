import assert from 'node:assert/strict';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type BuildOptions, build, type Plugin } from 'esbuild';
import type { Replacement } from './broken-copy.ts';

const ROOT = join(import.meta.dirname, '../..');

/** What a server process runs first: it is where the command is in a checkout. */
const mainOf = (root: string) => `
import { enableCompileCache } from 'node:module';
enableCompileCache(import.meta.dirname + '/cache');
const { runCli } = await import(${JSON.stringify(join(root, 'packages/cli/src/cli.ts'))});
process.exitCode = await runCli(process.argv.slice(2));
`;

/** What runs in threads is loaded from files of its own, by a file next to them. */
const threads = ['packages/server/src/store/sqlite/connection/checkpoint-thread.ts'];
const starters = ['packages/server/src/store/sqlite/connection/checkpoints.ts'];

/**
 * The server of a checkout in a few files, because it is started hundreds of times: loading it from hundreds of files takes several times as long.
 * The folder can be started as the checkout can. `change`: a text to replace in one file.
 */
export async function compileServer(
  root = ROOT,
  change?: Replacement,
): Promise<Disposable & { readonly root: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'esim-compiled-server-'));
  const outdir = join(folder, 'packages/cli/src');
  mkdirSync(outdir, { recursive: true });
  const main = join(folder, 'start.ts');
  writeFileSync(main, mainOf(root));
  const entryPoints = [{ in: main, out: 'serve' }, ...entriesOf(root, threads)];
  const plugins = change === undefined ? [] : [replacing(root, change)];
  await build({ ...optionsFor(root), entryPoints, outdir, plugins });
  writeFileSync(join(outdir, 'main.ts'), "import './serve.js';\n");
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules')); // packages that it finds by their names
  // the programs read their versions from there
  copyFileSync(join(root, 'packages/cli/package.json'), join(folder, 'packages/cli/package.json'));
  copyFileSync(join(root, 'packages/server/package.json'), join(folder, 'packages/package.json'));
  return { root: folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Writes the command of this checkout as main.js into a folder. It finds all other files where the source finds them. */
export async function compileCommand(outdir: string): Promise<void> {
  const main = { in: join(ROOT, 'packages/cli/src/main.ts'), out: 'main' };
  const entryPoints = [main, ...entriesOf(ROOT, threads)];
  await build({ ...optionsFor(ROOT), entryPoints, outdir, plugins: [atItsPlace], external: ['pkcs11js'] });
  writeFileSync(join(outdir, 'package.json'), '{"type":"module"}\n');
}

function optionsFor(root: string): BuildOptions {
  const file = JSON.stringify(join(root, 'package.json'));
  return {
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node26',
    banner: {
      js: `import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(${file});`,
    },
    logLevel: 'error',
  };
}

function entriesOf(root: string, files: readonly string[]): { in: string; out: string }[] {
  return files.map((file) => ({ in: join(root, file), out: basename(file, '.ts') }));
}

/** What reads or starts files beside it finds those of the source. */
const atItsPlace: Plugin = {
  name: 'at its place',
  setup: ({ onLoad }) =>
    onLoad({ filter: /\/packages\/\w+\/src\/.*\.ts$/ }, ({ path }) => {
      if (starters.some((file) => path.endsWith(file))) return undefined;
      const meta = { url: pathToFileURL(path).href, dirname: dirname(path), filename: path };
      const contents = readFileSync(path, 'utf8').replaceAll(
        /\bimport\.meta\.(url|dirname|filename)\b/g,
        (_, name: keyof typeof meta) => JSON.stringify(meta[name]),
      );
      return { contents, loader: 'ts' };
    }),
};

function replacing(root: string, { file, from, to }: Replacement): Plugin {
  return {
    name: 'replace',
    setup: ({ onLoad }) =>
      onLoad({ filter: /\.ts$/ }, ({ path }) => {
        if (path !== realpathSync(join(root, file))) return undefined;
        const source = readFileSync(path, 'utf8');
        assert.ok(source.includes(from), `${file} does not contain ${from}`);
        return { contents: source.replace(from, () => to), loader: 'ts' };
      }),
  };
}
