import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { compliancePage, dayOf } from './compliance.ts';
import { coveragePage } from './coverage.ts';
import { startOwnServer } from './driver/own-server.ts';
import { index, type Result, runAll } from './runner.ts';

test('the server conforms in every sequence of SGP.23 4.3 that is not skipped, and the pages about coverage and compliance say so', async () => {
  await using server = await startOwnServer();
  const results: Result[] = [];
  for await (const result of runAll(server)) results.push(result);
  assert.deepEqual(
    results.filter(({ result }) => result === 'failed'),
    [],
  );
  const page = (name: string) => readFileSync(new URL(`../../../docs/spec/${name}`, import.meta.url), 'utf8');
  const advice = 'npm run conformance -- --coverage writes it again';
  assert.equal(coveragePage(results), page('coverage.md'), advice);
  const statement = page('compliance.md');
  assert.equal(compliancePage(results, dayOf(statement) ?? ''), statement, advice);
});

test('the index knows each sequence once', () => {
  const ids = index.map(({ id }) => id);
  assert.deepEqual(
    ids.filter((id, i) => ids.indexOf(id) !== i),
    [],
  );
});
