import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ProblemCode } from './problem-code.ts';

test('every code in the list is used by the server', () => {
  const src = join(import.meta.dirname, '../..');
  const files = globSync('**/*.ts', { cwd: src, exclude: ['**/problem-code.ts', '**/*.test.ts'] });
  const text = files.map((file) => readFileSync(join(src, file), 'utf8')).join('\n');
  const codes: readonly string[] = ProblemCode.enum;
  assert.deepEqual(
    codes.filter((code) => !text.includes(`'${code}'`)),
    [],
  );
});
