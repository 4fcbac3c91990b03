/**
 * `npm run audit`: asks the registry for known vulnerabilities of the locked dependencies, and fails for serious ones. A
 * registry that does not answer such questions is not a failure: the last line then says that the audit was not run.
 */

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { judgeAudit } from './audit-report.ts';

const ROOT = join(import.meta.dirname, '../..');
const windows = process.platform === 'win32';
const { stdout, stderr, error } = spawnSync('npm', ['audit', '--json'], {
  cwd: ROOT,
  encoding: 'utf8',
  shell: windows,
  timeout: 60_000,
});
const { text, failed } = judgeAudit(stdout ?? '', error?.message ?? stderr ?? '');
console.log(text);
process.exitCode = failed ? 1 : 0;
