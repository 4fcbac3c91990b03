import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const SOURCES = join(import.meta.dirname, '../..');

test('nothing writes lines past the log and its allow-list', () => {
  const files = globSync('**/*.ts', { cwd: SOURCES }).filter((file) => !/\.(?:test|harness)\.ts$/.test(file));
  assert.ok(files.length > 200);
  const ofConsole = `\\bconsole\\.(?:${Object.keys(console).join('|')})\\b`;
  const pattern = new RegExp(
    `from 'pino'|${ofConsole}|\\bprocess\\.std(?:out|err)\\.write|\\bemitWarning\\(`,
  );
  const writing = files.filter((file) => pattern.test(readFileSync(join(SOURCES, file), 'utf8')));
  const samples = 'rest/openapi/samples/sdk.ts'; // it writes code for other programs
  assert.deepEqual(writing.sort(), ['process/log/start-log.ts', samples]);
});
