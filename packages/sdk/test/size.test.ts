import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { VERSION } from '@esim-rsp/sdk';
import { build } from 'esbuild';

/** Octets. */
const KB = 1024;
const PACKAGE = join(import.meta.dirname, '..');

/** Octets of a program as a browser downloads it: bundled, minified and compressed. */
async function sizeOf(program: string): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents: program, resolveDir: PACKAGE, loader: 'ts' },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    write: false,
  });
  return gzipSync(outputFiles[0]?.contents ?? '', { level: 9 }).length;
}

test('a program with the two calls of the first API document is smaller than 6 kB', async () => {
  const size = await sizeOf(`
    import { Configuration, ESIMRSPApi } from '@esim-rsp/sdk';
    const configuration = new Configuration({
      apiKey: (name) => (name === 'x-api-key' ? 'your-api-key' : 'your-user-id'),
      basePath: 'https://rsp.example.com/api/v1/esim',
    });
    const api = new ESIMRSPApi(configuration);
    const { status, data } = await api.getEUICCProfile('8900000000000000001');
    const { data: file } = await api.getQRCode('8900000000000000001');
    console.log(status, data.state, file.size);`);
  assert.ok(size < 6 * KB, `${size} octets`);
});

test('the whole SDK is smaller than 20 kB', async () => {
  const size = await sizeOf("export * from '@esim-rsp/sdk';");
  assert.ok(size < 20 * KB, `${size} octets`);
});

test('a receiver of webhooks does not bundle the client', async () => {
  const receiver =
    "import { webhooks } from '@esim-rsp/sdk'; console.log(await webhooks.unwrap('', {}, ''));";
  const size = await sizeOf(receiver);
  assert.ok(size < 2 * KB, `${size} octets`);
});

test('VERSION is that of the package', () => {
  assert.equal(JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8')).version, VERSION);
});
