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
import { basename, join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import type { Replacement } from './broken-copy.ts';

const ROOT = join(import.meta.dirname, '../..');

/** What a server process runs first: it is where the command is in a checkout. */
const mainOf = (root: string) => `
import { enableCompileCache } from 'node:module';
enableCompileCache(import.meta.dirname + '/cache');
const { runCli } = await import(${JSON.stringify(join(root, 'packages/cli/src/cli.ts'))});
process.exitCode = await runCli(process.argv.slice(2));
`;

/** What runs in threads is loaded from files of its own. */
const threads = ['packages/server/src/store/sqlite/connection/checkpoint-thread.ts'];

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
  await build({
    entryPoints: [
      { in: main, out: 'serve' },
      ...threads.map((file) => ({ in: join(root, file), out: basename(file, '.ts') })),
    ],
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node26',
    outdir,
    banner: {
      js: `import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(${JSON.stringify(join(root, 'package.json'))});`,
    },
    plugins: change === undefined ? [] : [replacing(root, change)],
    logLevel: 'error',
  });
  writeFileSync(join(outdir, 'main.ts'), "import './serve.js';\n");
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules')); // packages that it finds by their names
  // the programs read their versions from there
  copyFileSync(join(root, 'packages/cli/package.json'), join(folder, 'packages/cli/package.json'));
  copyFileSync(join(root, 'packages/server/package.json'), join(folder, 'packages/package.json'));
  return { root: folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}

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
