import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { ESIMRSPApi } from '@esim-rsp/sdk';
import { operations } from '#server/rest/operations';
import { CALLS, sdkCalls } from './sdk-calls.ts';
import { MODELS, sdkModels } from './sdk-models.ts';

const models = sdkModels();

test('the models of the SDK are those of the shapes: after a change of a shape, run `npm run generate`', () => {
  assert.equal(readFileSync(MODELS, 'utf8'), models);
});

test('the calls of the SDK are those of the operations: after a change of one, run `npm run generate`', () => {
  assert.equal(readFileSync(CALLS, 'utf8'), sdkCalls());
});

test('every operation of the API is a method of the SDK', () => {
  const methods: object = ESIMRSPApi.prototype;
  const missing = operations.filter(
    ({ url, operationId }) => url.startsWith('/api/') && !(operationId in methods),
  );
  assert.deepEqual(missing, []);
});

test('every type and every member of the models has a docstring', () => {
  const lines = models.split('\n');
  const bare = lines.filter((line, i) => {
    const isDeclared = /^export |^ +\w+\??: /.test(line);
    return isDeclared && !/\*\/$/.test(lines[i - 1] ?? '');
  });
  assert.deepEqual(bare, []);
});

test('the models keep the names and the members of the first API', () => {
  for (const name of ['GetEUICCProfileResponse', 'ProfileReusePolicy', 'Problem'])
    assert.match(models, new RegExp(`^export interface ${name} \\{$`, 'm'));
  const required = [
    'iccid: string',
    'imsi: string',
    'last_operation_date: number',
    'activation_code: string',
  ];
  for (const member of [...required, 'maxReuseCount: number', 'cooldownPeriod: number', 'statusCode: number'])
    assert.ok(models.includes(`\n  ${member};\n`), member);
});
