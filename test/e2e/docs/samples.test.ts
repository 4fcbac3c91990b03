import assert from 'node:assert/strict';
import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { codeSamples } from '#server/rest/openapi/samples/code-samples';
import { operations } from '#server/rest/operations';
import { account, startServer } from '../../harness/server.ts';

/** The samples of the API reference: that each is a program, and that the server understands each request. */

const ROOT = join(import.meta.dirname, '../../..');
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'esim-samples-')));
after(() => rmSync(folder, { recursive: true, force: true }));

type Found = { readonly operationId: string; readonly source: string };
const samplesIn = (label: string): readonly Found[] =>
  operations.flatMap((operation) =>
    codeSamples(operation)
      .filter((sample) => sample.label === label)
      .map(({ source }) => ({ operationId: operation.operationId, source })),
  );

/** The file that the sample of an import sends. */
writeFileSync(
  join(folder, 'profiles.csv'),
  'iccid,imsi,ki,opc\n8900101000000007774,001010000007777,00112233445566778899aabbccddeeff,ffeeddccbbaa99887766554433221100\n',
);

const server = await startServer();
after(() => server[Symbol.asyncDispose]());
const env = {
  PATH: process.env.PATH,
  ESIM_URL: server.restUrl,
  ESIM_USER_ID: account.ESIM_BOOTSTRAP_USER_ID,
  ESIM_API_KEY: account.ESIM_BOOTSTRAP_API_KEY,
};
const run = async (program: string, ...args: string[]) =>
  (await promisify(execFile)(program, args, { cwd: folder, env, maxBuffer: 64 * 1024 * 1024 })).stdout;

/** What examples cannot have, because it would have to be real: a password, a certificate, a core network. */
const INVENTED: Readonly<Record<string, string>> = {
  createCoreNetwork: 'invalid_value',
  createSession: 'unauthorized',
  createUpstream: 'invalid_value',
};

/** Why a language is not tried. */
const without = (program: string) =>
  spawnSync(program, ['--version']).error === undefined ? false : `${program} is not installed`;

/** The outcome of each sample, one a line: operation, status, and the code of an error. */
function judge(output: string, language: string): void {
  const lines = [...output.matchAll(/^@@ (\w+) (\d+) ?(\w*)$/gm)];
  assert.deepEqual(
    lines.map(([, operationId]) => operationId),
    samplesIn(language).map(({ operationId }) => operationId),
    output.slice(-2000),
  );
  const wrong = lines.filter(([, operationId = '', status = '', code = '']) => {
    const { answers } = operations.find((one) => one.operationId === operationId) ?? assert.fail();
    const isKnown = Object.hasOwn(answers, status) || ['401', '403'].includes(status); // some need more than this key has
    const isRefused = /^(?:validation_failed|invalid_\w+|bad_request|no_such_path|unauthorized)$/.test(code);
    return !isKnown || (isRefused && code !== INVENTED[operationId] && code !== 'invalid_transition');
  });
  assert.deepEqual(
    wrong.map(([line]) => line),
    [],
  );
}

test('the samples with the SDK compile, and there is one for each operation of the API', () => {
  const samples = samplesIn('SDK');
  const ofApi = operations.filter(({ url }) => url.startsWith('/api/'));
  assert.equal(samples.length, ofApi.length);
  mkdirSync(join(folder, 'sdk'));
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'sdk/node_modules'));
  writeFileSync(join(folder, 'sdk/package.json'), '{ "type": "module" }');
  for (const { operationId, source } of samples)
    writeFileSync(join(folder, `sdk/${operationId}.ts`), `${source}\n`);
  const config = { extends: join(ROOT, 'tsconfig.json'), include: ['*.ts'] };
  writeFileSync(join(folder, 'sdk/tsconfig.json'), JSON.stringify(config));
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', join(folder, 'sdk')], {
    encoding: 'utf8',
  });
  assert.equal(status, 0, stdout);
});

test('the server understands the requests of the samples with the SDK', async () => {
  const program = `
    for (const name of ${JSON.stringify(samplesIn('SDK').map(({ operationId }) => operationId))})
      try {
        await import('./' + name + '.ts');
        process.stdout.write('\\n@@ ' + name + ' 200\\n');
      } catch (error) {
        process.stdout.write('\\n@@ ' + name + ' ' + (error.status ?? 0) + ' ' + (error.code ?? error.message) + '\\n');
      }
  `;
  writeFileSync(join(folder, 'sdk/run.ts'), program);
  const output = await run(process.execPath, 'sdk/run.ts');
  judge(
    output.replaceAll(/^(@@ \w+) 200$/gm, (_, line: string) => {
      const { answers } =
        operations.find(({ operationId }) => line.endsWith(` ${operationId}`)) ?? assert.fail(line);
      return `${line} ${Object.keys(answers).find((status) => status.startsWith('2'))}`;
    }),
    'SDK',
  );
});

test('the server understands the requests of the samples with curl', { skip: without('curl') }, async () => {
  const script = samplesIn('curl').map(
    ({ operationId, source }) =>
      `echo; echo "@@ ${operationId} $(${source.replace(/^curl /, "curl -sS -o answer -w '%{http_code}' ").replace(/ \\\n {2}-o \S+/, '')} ) $(grep -ao '"code":"[a-z_]*"' answer | head -1 | cut -d'"' -f4)"`,
  );
  writeFileSync(join(folder, 'run.sh'), script.join('\n'));
  judge(await run('bash', 'run.sh'), 'curl');
});

test('the server understands the requests of the samples in Python', {
  skip: without('python3'),
}, async () => {
  const program = [
    'import json, urllib.error, urllib.request',
    'opened = []',
    'real = urllib.request.urlopen',
    'def urlopen(request):',
    '    opened.append(real(request))',
    '    return opened[-1]',
    'urllib.request.urlopen = urlopen',
    `for name, source in json.loads(${JSON.stringify(JSON.stringify(samplesIn('Python').map(({ operationId, source }) => [operationId, source])))}):`,
    '    try:',
    '        exec(compile(source, name, "exec"), {})',
    '        print(f"\\n@@ {name} {opened[-1].status}")',
    '    except urllib.error.HTTPError as error:',
    '        print(f"\\n@@ {name} {error.code} {json.load(error)[\'code\']}")',
  ];
  writeFileSync(join(folder, 'run.py'), program.join('\n'));
  judge(await run('python3', 'run.py'), 'Python');
});

test('the server understands the requests of the samples in PHP', { skip: without('php') }, async () => {
  mkdirSync(join(folder, 'php'));
  const names = samplesIn('PHP').map(({ operationId, source }) => {
    writeFileSync(join(folder, `php/${operationId}.php`), source);
    return operationId;
  });
  const program = `<?php
foreach (json_decode('${JSON.stringify(names)}') as $name) {
    ob_start();
    (function () use ($name) { include "php/$name.php"; $GLOBALS['request'] = $request; $GLOBALS['answer'] = $answer; })();
    ob_end_clean();
    $code = json_decode($answer, true)['code'] ?? '';
    echo "\\n@@ $name ", curl_getinfo($request, CURLINFO_RESPONSE_CODE), ' ', is_string($code) ? $code : '', "\\n";
}`;
  writeFileSync(join(folder, 'run.php'), program);
  judge(await run('php', 'run.php'), 'PHP');
});

test('the samples in Go compile', { skip: without('go') }, () => {
  for (const { operationId, source } of samplesIn('Go')) {
    mkdirSync(join(folder, 'go', operationId), { recursive: true });
    writeFileSync(join(folder, 'go', operationId, 'main.go'), `${source}\n`);
  }
  writeFileSync(join(folder, 'go/go.mod'), 'module samples\n\ngo 1.19\n');
  const home = { GOCACHE: join(folder, 'go-cache'), GOPATH: join(folder, 'go-path') };
  execFileSync('go', ['vet', './...'], { cwd: join(folder, 'go'), env: { ...env, ...home }, stdio: 'pipe' });
});
