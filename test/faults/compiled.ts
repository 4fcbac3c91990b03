import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

const ROOT = join(import.meta.dirname, '../..');

/** What a server process runs first: it is where the command is in a checkout. */
const main = `
import { enableCompileCache } from 'node:module';
enableCompileCache(import.meta.dirname + '/cache');
const { runCli } = await import('./packages/cli/src/cli.ts');
process.exitCode = await runCli(process.argv.slice(2));
`;

/**
 * The server of a checkout in a few files, because it is started hundreds of times: loading it from hundreds of files takes several times as long.
 * The folder can be started as the checkout can.
 */
export function compileServer(root = ROOT): Disposable & { readonly root: string } {
  const folder = mkdtempSync(join(tmpdir(), 'esim-faults-server-'));
  const outdir = join(folder, 'packages/cli/src');
  mkdirSync(outdir, { recursive: true });
  buildSync({
    stdin: { contents: main, resolveDir: root, loader: 'ts' },
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node26',
    outdir,
    entryNames: 'serve',
    banner: {
      js: `import { createRequire } from 'node:module'; const require = createRequire(${JSON.stringify(join(root, 'package.json'))});`,
    },
    logLevel: 'error',
  });
  writeFileSync(join(outdir, 'main.ts'), "import './serve.js';\n");
  // the programs read their versions from there
  copyFileSync(join(root, 'packages/cli/package.json'), join(folder, 'packages/cli/package.json'));
  copyFileSync(join(root, 'packages/server/package.json'), join(folder, 'packages/package.json'));
  return { root: folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}
