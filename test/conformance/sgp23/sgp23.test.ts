import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { coveragePage } from './coverage.ts';
import { startOwnServer } from './driver/own-server.ts';
import { index, type Result, runAll } from './runner.ts';

test('the server conforms in every sequence of SGP.23 4.3 that is not skipped, and the coverage page says so', async () => {
  await using server = await startOwnServer();
  const results: Result[] = [];
  for await (const result of runAll(server)) results.push(result);
  assert.deepEqual(
    results.filter(({ result }) => result === 'failed'),
    [],
  );
  const page = readFileSync(new URL('../../../docs/spec/coverage.md', import.meta.url), 'utf8');
  assert.equal(coveragePage(results), page, 'npm run conformance -- --coverage prints it anew');
});

test('the index knows each sequence once', () => {
  const ids = index.map(({ id }) => id);
  assert.deepEqual(
    ids.filter((id, i) => ids.indexOf(id) !== i),
    [],
  );
});
