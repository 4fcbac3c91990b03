import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { breaks } from '../test/attack/breaks.ts';

const ROOT = join(import.meta.dirname, '..');

test('every break of an attack finds the text that it replaces, once', () => {
  const lost = breaks.filter(({ file, from }) => {
    const path = join(ROOT, file);
    return !existsSync(path) || readFileSync(path, 'utf8').split(from).length !== 2;
  });
  assert.deepEqual(
    lost.map(({ file, from }) => `${file}: ${from}`),
    [],
  );
});
