/** `npm run conformance`: runs SGP.23 section 4.3 against our own server or the one of `--url`. See README.md. */

import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { readPkiDirectory } from '@esim-rsp/server/keys/pki-directory';
import { compliancePage } from './compliance.ts';
import { coveragePage } from './coverage.ts';
import { type FixtureFile, readFixtures } from './driver/fixtures.ts';
import { startOwnServer } from './driver/own-server.ts';
import { type Result, runAll, summary, type Target } from './runner.ts';

const { values: options } = parseArgs({
  options: {
    url: { type: 'string' },
    fixtures: { type: 'string' },
    pki: { type: 'string' },
    json: { type: 'boolean' },
    coverage: { type: 'boolean' },
  },
});

function stop(message: string): never {
  console.error(message);
  process.exit(2);
}

async function targetAt(url: string): Promise<Target & AsyncDisposable> {
  const { fixtures, pki: directory } = options;
  if (fixtures === undefined || directory === undefined)
    stop('--url also needs --fixtures FILE and --pki DIR');
  const file: FixtureFile = JSON.parse(readFileSync(fixtures, 'utf8'));
  const pki = await readPkiDirectory(directory);
  if (pki === undefined) stop(`there is no PKI in ${directory}`);
  const smdpAddress = file.smdpAddress ?? new URL(url).host;
  const target: Target = { url, smdpAddress, pki, fixtures: readFixtures(file), atOnce: 1 };
  return { ...target, [Symbol.asyncDispose]: async () => undefined };
}

function line({ id, variant, result, reason }: Result): string {
  const mark = { passed: '✔', failed: '✖', skipped: '-' }[result];
  return `${mark} ${variant.padEnd(4)} ${id}${reason === undefined ? '' : `: ${reason.replace(/\s+/g, ' ')}`}`;
}

async function main(): Promise<boolean> {
  await using target = options.url === undefined ? await startOwnServer() : await targetAt(options.url);
  const results: Result[] = [];
  for await (const result of runAll(target)) {
    results.push(result);
    if (!options.json) console.log(line(result));
  }
  if (options.json) console.log(JSON.stringify(results, undefined, 2));
  if (options.coverage) {
    const folder = new URL('../../../docs/spec/', import.meta.url);
    writeFileSync(new URL('coverage.md', folder), coveragePage(results));
    writeFileSync(
      new URL('compliance.md', folder),
      compliancePage(results, new Date().toISOString().slice(0, 10)),
    );
  }
  (options.json ? console.error : console.log)(summary(results));
  return results.every(({ result }) => result !== 'failed');
}

process.exit((await main()) ? 0 : 1);
