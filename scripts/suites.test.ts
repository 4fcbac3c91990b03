import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { test } from 'node:test';
import { ROOT, testCounts, testFiles } from './suite-run.ts';
import { type LEVELS, SUITES, suitesOf } from './suites.ts';

test('every test file belongs to exactly one suite', () => {
  const all = globSync('{packages,test,fuzz,bench,scripts}/**/*.test.ts', {
    cwd: ROOT,
    exclude: ['**/node_modules', '**/dist'],
  });
  const inSuites = [...testFiles().values()].flat();
  assert.deepEqual(inSuites.toSorted(), all.map((path) => path.replaceAll('\\', '/')).toSorted());
});

test('every suite has test files or a command, and not both', () => {
  const files = testFiles();
  for (const suite of SUITES)
    assert.notEqual(files.get(suite)?.length === 0, suite.command === undefined, suite.name);
});

test('a part of another suite runs at the levels where that one does not', () => {
  const runs = (level: (typeof LEVELS)[number], name: string) =>
    suitesOf(level).some((suite) => suite.name === name);
  const parts = SUITES.flatMap(({ name, level, partOf }) => (partOf ? [{ name, level, partOf }] : []));
  assert.ok(parts.length > 0);
  for (const { name, level, partOf } of parts) {
    assert.ok(runs('all', partOf) && !runs('all', name), `${name} is part of ${partOf}, which test:all runs`);
    assert.ok(runs(level, name) && !runs(level, partOf), `${name} runs without ${partOf} at level ${level}`);
  }
});

test('the counts of a run are those of its closing lines', () => {
  const lines = ['tests 9', 'suites 0', 'pass 4', 'fail 1', 'cancelled 1', 'skipped 2', 'todo 1'];
  const earlier = 'ℹ tests 1\nℹ pass 1\nℹ fail 0\nℹ cancelled 0\nℹ skipped 0\nℹ todo 0\n';
  const output = earlier + lines.map((line) => `ℹ ${line}\n`).join('');
  assert.deepEqual(testCounts(output, 1), { passed: 4, failed: 2, skipped: 3 });
});

test('a run that ends badly without a failed test counts as a failure', () => {
  assert.deepEqual(testCounts('ℹ pass 4\nℹ fail 0\n', 1), { passed: 4, failed: 1, skipped: 0 });
  assert.deepEqual(testCounts('out of memory', null), { passed: 0, failed: 1, skipped: 0 });
});
