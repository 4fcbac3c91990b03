/**
 * Runs end-to-end tests with servers that store everything in PostgreSQL: `node test/postgres/run.ts [--newest] FILE …`. Starts the oldest version of
 * this machine, or the newest.
 */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { installations, NO_POSTGRES, startPostgres } from '#server/store/postgres/testing/server.harness';
import { END_OF_TESTS } from '../../scripts/suite-run.ts';

const { values, positionals } = parseArgs({
  options: { newest: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const installed = installations();
const installation = values.newest ? installed.at(-1) : installed[0];
if (installation === undefined) console.log(`skipped: ${NO_POSTGRES}`);
else {
  await using server = await startPostgres(installation);
  console.log(`PostgreSQL ${installation.version}`);
  const options = ['--test', ...END_OF_TESTS, '--test-concurrency=1', '--test-timeout=300000'];
  const tests = spawn(process.execPath, [...options, ...globSync(positionals)], {
    env: { ...process.env, ESIM_TEST_POSTGRES_PORT: String(server.port) },
    stdio: 'inherit',
  });
  const [code] = await once(tests, 'exit');
  process.exitCode = code ?? 1;
}
