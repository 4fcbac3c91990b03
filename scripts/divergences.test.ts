import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const ROOT = join(import.meta.dirname, '..');

test('the tests that docs/spec/divergences.md names exist', () => {
  const page = readFileSync(join(ROOT, 'docs/spec/divergences.md'), 'utf8');
  const names = Array.from(page.matchAll(/"(\w+ [^"\n]+)"/g), ([, name = '']) => name.replace(/ ?…$/, ''));
  assert.ok(names.length > 20);
  const files = globSync('test/e2e/**/*.test.ts', { cwd: ROOT });
  const tests = files.map((file) => readFileSync(join(ROOT, file), 'utf8')).join('\n');
  assert.deepEqual(
    names.filter((name) => !tests.includes(name)),
    [],
  );
});
