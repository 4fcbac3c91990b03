import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { documents, prepare, runTool } from './tools.ts';

before(prepare);

const REDOCLY = '@redocly/cli/bin/cli.js';
const SPECTRAL = '@stoplight/spectral-cli/dist/index.js';
const redocly = (file: string) =>
  runTool(REDOCLY, 'lint', '--extends', 'recommended', '--format', 'stylish', file);
const spectral = (file: string) =>
  runTool(
    SPECTRAL,
    'lint',
    '-r',
    join(import.meta.dirname, 'spectral.json'),
    '--fail-severity',
    'hint',
    file,
  );

for (const [version, file] of Object.entries(documents)) {
  test(`redocly recommended finds nothing in the OpenAPI ${version} document`, async () => {
    const { code, out } = await redocly(file);
    assert.equal(code, 0, out);
    assert.doesNotMatch(out, /warning/i, out);
  });

  test(`spectral:oas finds nothing in the OpenAPI ${version} document`, async () => {
    const { code, out } = await spectral(file);
    assert.equal(code, 0, out);
  });
}

test('both linters report a document that is wrong', async () => {
  const document = JSON.parse(readFileSync(documents['3.1'], 'utf8'));
  const wrong = join(documents['3.1'], '..', 'wrong.json');
  document.paths['/healthz'].get.description = '';
  delete document.paths['/healthz'].get.responses[400];
  writeFileSync(wrong, JSON.stringify(document));
  assert.match((await redocly(wrong)).out, /warning/);
  assert.notEqual((await spectral(wrong)).code, 0);
});
