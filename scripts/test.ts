/** `npm test`: what `npm run check` does (vectors and conformance among it), then the whole of it end to end. */

import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { withCompileCache } from './compile-cache.ts';

const ROOT = join(import.meta.dirname, '..');
const END_TO_END = globSync('test/e2e/**/*.test.ts', { cwd: ROOT }).sort();

for (const args of [['scripts/check.ts'], ['--test', '--test-timeout=300000', ...END_TO_END]]) {
  const { status } = spawnSync(process.execPath, args, {
    cwd: ROOT,
    env: withCompileCache,
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(status ?? 1);
}
