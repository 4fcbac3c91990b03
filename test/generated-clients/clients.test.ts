import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { released } from '../harness/profiles.ts';
import { account, type ServerProcess, startServer } from '../harness/server.ts';
import { documents, OUTPUT, prepare, runTool } from './tools.ts';

let server: ServerProcess;
before(async () => {
  await prepare();
  server = await startServer();
});
after(() => server[Symbol.asyncDispose]());

type Client = {
  /** Writes the client, called with its program and options. */
  readonly generate: readonly string[];
  /** A program that prints the state of the Profile and the first octet of its QR code. */
  readonly program: string;
};

const head = (imports: string) => `${imports}
const [baseUrl = '', iccid = '', user = '', key = ''] = process.argv.slice(2);
const headers = { 'x-user-id': user, 'x-api-key': key };
const first = async (code: unknown) => new Uint8Array(await (code as Blob).arrayBuffer())[0];
`;
const fetchWith = `const native = globalThis.fetch;
globalThis.fetch = (url, init) =>
  native(new URL(String(url), baseUrl), { ...init, headers: { ...(init?.headers as Record<string, string>), ...headers } });
`;

const clients: Readonly<Record<string, Client>> = {
  'openapi-typescript': {
    generate: ['openapi-typescript/bin/cli.js', documents['3.1'], '-o', 'types.ts'],
    program: `${head("import createClient from 'openapi-fetch';\nimport type { paths } from './types.ts';")}
const client = createClient<paths>({ baseUrl, headers });
const path = { iccid };
const { data } = await client.GET('/api/v1/esim/euicc-profiles/{iccid}', { params: { path } });
const code = await client.GET('/api/v1/esim/euicc-profiles/{iccid}/qrcode', { params: { path }, parseAs: 'blob' });
console.log(data?.state, await first(code.data));`,
  },
  'hey-api': {
    generate: [
      '@hey-api/openapi-ts/bin/run.js',
      '-i',
      documents['3.1'],
      '-o',
      'hey',
      '-c',
      '@hey-api/client-fetch',
    ],
    program: `${head("import { client } from './hey/client.gen.ts';\nimport { getEuiccProfile, getQrCode } from './hey/index.ts';")}
client.setConfig({ baseUrl, headers });
const path = { iccid };
const { data } = await getEuiccProfile({ path });
console.log(data?.state, await first((await getQrCode({ path })).data));`,
  },
  'swagger-typescript-api': {
    generate: [
      'swagger-typescript-api/dist/cli.mjs',
      'generate',
      '-p',
      documents['3.0'],
      '-o',
      '.',
      '-n',
      'swagger.ts',
    ],
    program: `${head("import { Api } from './swagger.ts';")}
const { api } = new Api({ baseUrl, baseApiParams: { headers } });
const { data } = await api.getEuiccProfile(iccid);
console.log(data.state, await first((await api.getQrCode(iccid)).data));`,
  },
  'orval, fetch': {
    generate: [
      'orval/dist/bin/orval.mjs',
      '--input',
      documents['3.1'],
      '--output',
      'orval.ts',
      '--client',
      'fetch',
    ],
    program: `${head("import { getEUICCProfile, getQRCode } from './orval.ts';")}${fetchWith}
const { data } = await getEUICCProfile(iccid);
console.log('state' in data && data.state, await first((await getQRCode(iccid)).data));`,
  },
  'orval, zod': {
    generate: [
      'orval/dist/bin/orval.mjs',
      '--input',
      documents['3.1'],
      '--output',
      'zod.ts',
      '--client',
      'zod',
    ],
    program: `${head("import { GetEUICCProfileResponse } from './zod.ts';")}${fetchWith}
const answer = await fetch(\`/api/v1/esim/euicc-profiles/\${iccid}\`);
const { state } = GetEUICCProfileResponse.parse(await answer.json());
console.log(state, await first(await (await fetch(\`/api/v1/esim/euicc-profiles/\${iccid}/qrcode\`)).blob()));`,
  },
};

const COMPILE =
  '--strict --target es2023 --module nodenext --lib es2023,dom,dom.iterable --types node --skipLibCheck'.split(
    ' ',
  );
const MORE = [
  '--ignoreConfig',
  '--allowImportingTsExtensions',
  '--rewriteRelativeImportExtensions',
  '--outDir',
  'built',
];
const PNG = 0x89;

for (const [name, { generate, program }] of Object.entries(clients))
  test(`a client of ${name} compiles, and calls a server`, async () => {
    const [tool = '', ...options] = generate;
    const generated = await runTool(tool, ...options);
    assert.equal(generated.code, 0, generated.out);
    const file = `${name.replace(/\W+/g, '-')}.ts`;
    writeFileSync(join(OUTPUT, 'package.json'), '{"type":"module"}');
    writeFileSync(join(OUTPUT, file), program);
    const compiled = await runTool('typescript/bin/tsc', ...COMPILE, ...MORE, file);
    assert.equal(compiled.code, 0, compiled.out);
    const { iccid } = await released(server);
    const { ESIM_BOOTSTRAP_USER_ID: user, ESIM_BOOTSTRAP_API_KEY: key } = account;
    const built = join(OUTPUT, 'built', file.replace(/ts$/, 'js'));
    const { code, out } = await runTool(built, server.restUrl, iccid, user, key);
    assert.equal(code, 0, out);
    assert.equal(out.trim(), `RELEASED ${PNG}`);
  });
