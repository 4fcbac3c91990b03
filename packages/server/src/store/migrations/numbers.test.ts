import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { newestSchema } from './migrate.ts';

test('migrations are numbered without gaps, and run in the order of their files', () => {
  const files = readdirSync(import.meta.dirname).filter((name) => /^\d{4}-.*\.ts$/.test(name));
  const numbers = files.map((name) => Number(name.slice(0, 4)));
  assert.deepEqual(
    numbers,
    numbers.map((_, at) => at + 1),
  );
  assert.equal(numbers.length, newestSchema);
  const source = readFileSync(new URL('migrate.ts', import.meta.url), 'utf8');
  const imported = [...source.matchAll(/import \* as (\w+) from '\.\/(\d{4}-[\w-]+\.ts)'/g)];
  assert.deepEqual(
    imported.map(([, , file]) => file),
    files,
  );
  const [, list = ''] = /readonly Migration\[\] = \[([^\]]*)\]/.exec(source) ?? [];
  assert.deepEqual(
    list.match(/\w+/g),
    imported.map(([, name]) => name),
  );
});
