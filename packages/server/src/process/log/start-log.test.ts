import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const SOURCES = join(import.meta.dirname, '../..');

test('nothing writes lines past the log and its allow-list', () => {
  const files = globSync('**/*.ts', { cwd: SOURCES }).filter((file) => !/\.(?:test|harness)\.ts$/.test(file));
  assert.ok(files.length > 200);
  const writing = files.filter((file) =>
    /from 'pino'|\bconsole\.|\bprocess\.std(?:out|err)\.write|\bemitWarning\(/.test(
      readFileSync(join(SOURCES, file), 'utf8'),
    ),
  );
  assert.deepEqual(writing, ['process/log/start-log.ts']);
});
