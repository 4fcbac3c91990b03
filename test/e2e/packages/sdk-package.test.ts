import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import jsqr from 'jsqr';
import { chromium } from 'playwright-core';
import { PNG } from 'pngjs';
import { signedHeaders } from '#server/delivery/webhooks/sign';
import { formatSecret, parseSecret } from '#server/store/ports/webhook-secret';
import { type RunningApi, startApi } from './example-api.ts';

const ROOT = join(import.meta.dirname, '../../..');
const CHROMIUM = '/usr/bin/chromium';
const run = promisify(execFile);

let project = '';
let api: RunningApi;

before(async () => {
  api = await startApi();
  project = await emptyProject();
  await writeExamples();
});
after(async () => {
  await api.close();
  rmSync(project, { recursive: true, force: true });
});

/** An empty project that has the packed SDK and nothing else installed. */
async function emptyProject(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'esim-rsp-sdk-'));
  await run(process.execPath, ['scripts/build.ts', 'sdk'], { cwd: ROOT });
  const pack = ['pack', '--silent', '--pack-destination', folder];
  const { stdout: tarball } = await run('npm', pack, { cwd: join(ROOT, 'packages/sdk/dist') });
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "allowScripts": { "node": true } }');
  await run('npm', ['install', '--offline', '--no-audit', '--no-fund', `./${tarball.trim()}`], {
    cwd: folder,
  });
  return folder;
}

/** The two examples of the first API document, with this API's address and credentials in them. */
const example = (operation: 'getEUICCProfile' | 'getQRCode') => `
const configuration = new Configuration({
  apiKey: (name: string) => {
    if (name === 'x-api-key') return '${api.apiKey}';
    if (name === 'x-user-id') return '${api.userId}';
    return '';
  },
  basePath: '${api.basePath}',
});
const apiInstance = new ESIMRSPApi(configuration);
let iccid: string = '${api.iccid}'; // The ICCID of the eSIM (19-20 digits)
const { status, data } = await apiInstance.${operation}(iccid);
`;

/** Body, headers and secret of a message to a webhook. */
function signedMessage(): [string, Record<string, string>, string] {
  const [secret, body] = [parseSecret(`whsec_${btoa('s'.repeat(32))}`), '{"type":"webhook.test"}'];
  const message = { id: 'msg_1', timestamp: Math.floor(Date.now() / 1000), body };
  return [body, signedHeaders(message, { secret }), formatSecret(secret)];
}

/** What each example answers, and how a wrong key is reported, as one line of JSON. */
const program = () => `
async function profile() {${example('getEUICCProfile')}return { status, data };
}
async function qrCode() {${example('getQRCode')}
  const bytes = Array.from(new Uint8Array(await data.arrayBuffer()));
  return { status, isFile: data instanceof File, type: data.type, name: data.name, bytes };
}
async function wrongKey() {
  const stranger = new ESIMRSPApi(new Configuration({ apiKey: 'wrong', basePath: '${api.basePath}' }));
  try {
    return await stranger.getEUICCProfile('${api.iccid}');
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const { status, code, message, requestId, response } = error;
    const data = response.data;
    return { status, code, message, requestId, responseStatus: response.status, said: typeof data === 'object' && data.message };
  }
}
async function webhook() {
  const [body, headers, secret] = ${JSON.stringify(signedMessage())} as const;
  const { type } = await webhooks.unwrap(body, headers, secret);
  const forged = await webhooks.unwrap(body + ' ', headers, secret).catch((error: unknown) => error);
  return { type, code: forged instanceof WebhookVerificationError && forged.code };
}
async function main() {
  const [reported, found] = [await webhook(), await profile()];
  console.log(JSON.stringify({ webhook: reported, profile: found, qrCode: await qrCode(), wrongKey: await wrongKey() }));
}
main();
`;

/** Both forms of import, type-checked against the installed package as a stranger's strict project would. */
async function writeExamples(): Promise<void> {
  const names = 'Configuration, ESIMRSPApi, ApiError, webhooks, WebhookVerificationError';
  writeFileSync(join(project, 'imported.mts'), `import { ${names} } from '@esim-rsp/sdk';${program()}`);
  writeFileSync(
    join(project, 'required.cts'),
    `import sdk = require('@esim-rsp/sdk');\nconst { ${names} } = sdk;${program()}`,
  );
  await compiled('imported.mts', 'required.cts');
}

async function compiled(...files: string[]): Promise<void> {
  const lib = ['--lib', 'es2022,dom', '--types', ''];
  const options = [
    '--strict',
    '--exactOptionalPropertyTypes',
    '--module',
    'nodenext',
    '--target',
    'es2022',
    ...lib,
  ];
  const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
  await run(process.execPath, [compiler, ...options, ...files], { cwd: project });
}

/** Whether a line of output is what both examples and the wrong key should give. */
function checkOutput(line: string): void {
  const { webhook, profile, qrCode, wrongKey } = JSON.parse(line);
  assert.deepEqual(webhook, { type: 'webhook.test', code: 'bad_signature' });
  assert.equal(profile.status, 200);
  assert.equal(profile.data.iccid, api.iccid);
  assert.equal(profile.data.state, 'RELEASED');
  const { bytes, ...file } = qrCode;
  assert.deepEqual(file, { status: 200, isFile: true, type: 'image/png', name: `${api.iccid}.png` });
  const { data, width, height } = PNG.sync.read(Buffer.from(bytes));
  const decode = jsqr as unknown as typeof jsqr.default;
  assert.equal(decode(new Uint8ClampedArray(data), width, height)?.data, profile.data.activation_code);
  assert.equal(wrongKey.status, 401);
  assert.equal(wrongKey.responseStatus, 401);
  assert.equal(wrongKey.said, wrongKey.message);
  for (const member of ['code', 'message', 'requestId'])
    assert.equal(typeof wrongKey[member], 'string', member);
}

/** A Node of a major version: this one, one on the PATH, or the npm package of that version. */
async function nodeOf(major: number): Promise<string | undefined> {
  if (process.versions.node.startsWith(`${major}.`)) return process.execPath;
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const candidate = join(folder, 'node');
    const version = existsSync(candidate) ? (await run(candidate, ['--version'])).stdout : '';
    if (version.startsWith(`v${major}.`)) return candidate;
  }
  const folder = join(project, `node-${major}`);
  const install = ['install', '--prefix', folder, '--no-audit', '--no-fund', `node@${major}`];
  await run('npm', install, { cwd: project }).catch(() => undefined);
  const installed = join(folder, 'node_modules/node/bin/node');
  return existsSync(installed) ? installed : undefined;
}

for (const major of [20, 24, 26]) {
  test(`the packed SDK runs the documented examples under Node ${major}, imported and required`, async (t) => {
    const node = await nodeOf(major);
    if (node === undefined) return t.skip(`there is no Node ${major} here, and the registry is out of reach`);
    assert.match((await run(node, ['--version'])).stdout, new RegExp(`^v${major}\\.`));
    for (const file of ['imported.mjs', 'required.cjs']) {
      const { stdout } = await run(node, [file], { cwd: project });
      checkOutput(stdout);
    }
  });
}

test('the packed SDK runs the documented examples in a browser, from a page of another origin', async (t) => {
  if (!existsSync(CHROMIUM)) return t.skip(`there is no browser at ${CHROMIUM}`);
  await build({
    absWorkingDir: project,
    entryPoints: ['imported.mjs'],
    outfile: 'bundle.js',
    bundle: true,
    platform: 'browser',
    format: 'esm',
    logLevel: 'silent',
  });
  checkOutput(await firstLineOf(t, readFileSync(join(project, 'bundle.js'), 'utf8')));
});

/** Runs a script in a page of its own origin; gives the first line that it logs. */
async function firstLineOf(t: TestContext, script: string): Promise<string> {
  const server = createServer((request, response) => {
    const isScript = request.url === '/bundle.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    response.end(isScript ? script : '<!doctype html><link rel="icon" href="data:,"><body></body>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const args = '--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking';
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: [...args.split(' '), '--disable-component-update', '--disable-sync'],
  });
  t.after(() => browser.close());
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  const failed = page.waitForEvent('pageerror').then((error) => Promise.reject(error));
  // A 401 makes the browser log an error of its own: wait for what the script logs.
  const logged = page.waitForEvent('console', (message) => message.type() === 'log');
  await page.addScriptTag({ url: '/bundle.js', type: 'module' });
  return (await Promise.race([logged, failed])).text();
}

test('the packed SDK has no dependencies, no tests, and nothing of Node', () => {
  const installed = join(project, 'node_modules/@esim-rsp/sdk');
  const manifest = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
  assert.deepEqual(manifest.dependencies, {});
  for (const file of ['README.md', 'LICENSE', 'esm/index.d.ts', 'cjs/index.d.ts']) {
    assert.ok(existsSync(join(installed, file)), file);
  }
  assert.ok(!existsSync(join(installed, 'src')));
  assert.ok(!existsSync(join(installed, 'esm/api.test.js')));
  assert.doesNotMatch(readFileSync(join(installed, 'esm/http/request.js'), 'utf8'), /node:|require\(/);
});

test("the packed drop-in for axios runs beside the project's axios, imported and required, and its types hold", async () => {
  symlinkSync(join(ROOT, 'node_modules/axios'), join(project, 'node_modules/axios'));
  const call = `
const configuration = new drop.Configuration({ apiKey: async (name) => (name === 'x-api-key' ? '${api.apiKey}' : '${api.userId}'), basePath: '${api.basePath}' });
async function main() {
  const answers = new drop.ESIMRSPApi(configuration, undefined, axios.create({ timeout: 10_000 }));
  const { status, data } = await answers.getEUICCProfile('${api.iccid}');
  const state: drop.GetEUICCProfileResponseStateEnum = data.state;
  const png = new Uint8Array((await answers.getQRCode('${api.iccid}')).data as unknown as ArrayBuffer);
  console.log(JSON.stringify({ status, state, first: png[0] }));
}
main();
`;
  writeFileSync(
    join(project, 'axios-imported.mts'),
    `import axios from 'axios';\nimport * as drop from '@esim-rsp/sdk/axios';${call}`,
  );
  writeFileSync(
    join(project, 'axios-required.cts'),
    `import axios = require('axios');\nimport drop = require('@esim-rsp/sdk/axios');${call}`,
  );
  await compiled('axios-imported.mts', 'axios-required.cts');
  for (const file of ['axios-imported.mjs', 'axios-required.cjs']) {
    const { stdout } = await run(process.execPath, [file], { cwd: project });
    assert.deepEqual(JSON.parse(stdout), { status: 200, state: 'RELEASED', first: 0x89 });
  }
});

test('in a browser the packed drop-in gives the PNG as a Blob, and an error as an object', async (t) => {
  if (!existsSync(CHROMIUM)) return t.skip(`there is no browser at ${CHROMIUM}`);
  const script = `
import { Configuration, ESIMRSPApi } from '@esim-rsp/sdk/axios';
const apiKey = (name) => (name === 'x-api-key' ? '${api.apiKey}' : '${api.userId}');
const answers = new ESIMRSPApi(new Configuration({ apiKey, basePath: '${api.basePath}' }));
const { data } = await answers.getQRCode('${api.iccid}');
const refused = await answers.getQRCode('1').catch(({ response }) => response);
const [first] = new Uint8Array(await data.arrayBuffer());
console.log(JSON.stringify({ blob: data instanceof Blob, first, status: refused.status, said: refused.data.statusCode }));
`;
  const bundled = await build({
    stdin: { contents: script, resolveDir: project },
    bundle: true,
    platform: 'browser',
    format: 'esm',
    write: false,
    nodePaths: [join(ROOT, 'node_modules')],
    logLevel: 'silent',
  });
  const line = await firstLineOf(t, bundled.outputFiles[0]?.text ?? '');
  assert.deepEqual(JSON.parse(line), { blob: true, first: 0x89, status: 400, said: 400 });
});
