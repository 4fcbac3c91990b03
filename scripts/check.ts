/** `npm run check`: everything that is fast, in order, a line each; stops at the first step that fails. */

import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { withCompileCache } from './compile-cache.ts';

const ROOT = join(import.meta.dirname, '..');
const TESTS = [
  'packages/*/src/**/*.test.ts',
  'packages/*/test/**/*.test.ts',
  'fuzz/**/*.test.ts',
  'scripts/**/*.test.ts',
  'test/conformance/**/*.test.ts',
  'test/vectors/**/*.test.ts',
  'test/saip/**/*.test.ts',
];

/** What each step runs, as arguments of this Node. */
const STEPS: Record<string, string[]> = {
  'format and lint': ['node_modules/@biomejs/biome/bin/biome', 'check', '.'],
  types: ['node_modules/typescript/bin/tsc'],
  'import table': ['scripts/import-table.ts'],
  tests: ['--test', '--test-reporter=dot', '--test-timeout=60000', ...globSync(TESTS, { cwd: ROOT }).sort()],
};

for (const [name, args] of Object.entries(STEPS)) {
  const started = performance.now();
  const { status, stdout, stderr, error } = spawnSync(process.execPath, args, {
    cwd: ROOT,
    env: withCompileCache,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  const seconds = ((performance.now() - started) / 1000).toFixed(1).padStart(5);
  console.log(`${status === 0 ? '✔' : '✖'} ${name.padEnd(16)}${seconds} s`);
  if (status === 0) continue;
  console.error(`${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}`);
  process.exit(1);
}
