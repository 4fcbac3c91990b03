import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { openLines, ROOT, runSuite, type SuiteResult, testCounts, testFiles } from './suite-run.ts';
import { type LEVELS, SUITES, type Suite, suitesOf } from './suites.ts';

test('every test file belongs to exactly one suite', () => {
  const all = globSync('{packages,test,fuzz,bench,scripts}/**/*.test.ts', {
    cwd: ROOT,
    exclude: ['**/node_modules', '**/dist'],
  });
  const inSuites = [...testFiles().values()].flat();
  assert.deepEqual(inSuites.toSorted(), all.map((path) => path.replaceAll('\\', '/')).toSorted());
});

test('every suite has test files or a command, and not both', () => {
  const files = testFiles();
  for (const suite of SUITES)
    assert.notEqual(files.get(suite)?.length === 0, suite.command === undefined, suite.name);
});

test('a part of another suite runs at the levels where that one does not', () => {
  const runs = (level: (typeof LEVELS)[number], name: string) =>
    suitesOf(level).some((suite) => suite.name === name);
  const parts = SUITES.flatMap(({ name, level, partOf }) => (partOf ? [{ name, level, partOf }] : []));
  assert.ok(parts.length > 0);
  for (const { name, level, partOf } of parts) {
    assert.ok(runs('all', partOf) && !runs('all', name), `${name} is part of ${partOf}, which test:all runs`);
    assert.ok(runs(level, name) && !runs(level, partOf), `${name} runs without ${partOf} at level ${level}`);
  }
});

test('the counts of a run are those of its closing lines', () => {
  const lines = ['tests 9', 'suites 0', 'pass 4', 'fail 1', 'cancelled 1', 'skipped 2', 'todo 1'];
  const earlier = 'ℹ tests 1\nℹ pass 1\nℹ fail 0\nℹ cancelled 0\nℹ skipped 0\nℹ todo 0\n';
  const output = earlier + lines.map((line) => `ℹ ${line}\n`).join('');
  assert.deepEqual(testCounts(output, 1), { passed: 4, failed: 2, skipped: 3 });
});

test('a run that ends badly without a failed test counts as a failure', () => {
  assert.deepEqual(testCounts('ℹ pass 4\nℹ fail 0\n', 1), { passed: 4, failed: 1, skipped: 0 });
  assert.deepEqual(testCounts('out of memory', null), { passed: 0, failed: 1, skipped: 0 });
});

/** Runs the source of a test file as a suite. */
async function runSource(
  source: string,
  { timeout = 120_000, ...suite }: Pick<Suite, 'oneProcess'> & { timeout?: number } = {},
): Promise<SuiteResult> {
  const folder = mkdtempSync(join(tmpdir(), 'esim-suite-'));
  const file = join(folder, 'source.test.ts');
  writeFileSync(file, `import { test } from 'node:test';\n${source}`);
  const result = await runSuite({ name: 'source', level: 'check', seconds: 1, ...suite }, [file], timeout);
  rmSync(folder, { recursive: true });
  return result;
}

/**
 * Runs a test that starts a process which would go on for ten minutes, and then does something. If the time was too short to begin, because the machine
 * is busy, it gets the next one.
 */
async function runLeaving(
  does: string,
  [timeout, ...longer]: readonly [number, ...number[]],
): Promise<Pick<SuiteResult, 'counts' | 'output'>> {
  const { counts, output } = await runSource(
    `import { spawn } from 'node:child_process';
    test('leaves a process', async () => {
      const { pid } = spawn('sleep', ['600'], { stdio: ['ignore', 'pipe', 'ignore'] });
      console.log('left ' + pid);
      ${does}
    });`,
    { timeout },
  );
  const [next, ...others] = longer;
  if (next !== undefined && !/left \d/.test(output)) return runLeaving(does, [next, ...others]);
  await ended(/left (\d+)/.exec(output)?.[1] ?? assert.fail(output));
  return { counts, output };
}

/** Resolves when a process is gone, or waits only to be reaped. */
async function ended(pid: string): Promise<void> {
  const state = () => spawnSync('ps', ['-o', 'stat=', '-p', pid], { encoding: 'utf8' }).stdout.trim();
  for (let tries = 0; !/^Z?$/.test(state().slice(0, 1)); tries++) {
    assert.ok(tries < 50, `process ${pid} goes on`);
    await sleep(100);
  }
}

/** Blocks its thread for ever, and takes no processor time. */
const block = 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);';

test('a suite that hangs is ended, and shows what it printed', async () => {
  const { counts, output } = await runLeaving(block, [3000, 40_000]);
  assert.equal(counts.failed, 1, output);
  assert.match(output, /ended after (3|40) s: it hangs/);
});

/** A test that leaves a server open, and then does something. */
const leaveServer = (does: string) =>
  `import { createServer } from 'node:http';
  test('leaves a server', () => {
    createServer().listen(0);
    ${does}
  });`;

describe('a suite ends with all its results', { concurrency: true }, () => {
  test('a failed test that leaves a process behind ends its suite, and the process', async () => {
    const { counts, output } = await runLeaving("throw new Error('failed on purpose')", [60_000]);
    assert.equal(counts.failed, 1, output);
    assert.match(output, /failed on purpose/);
  });

  for (const [where, suite] of Object.entries({
    'a file': {},
    'a shared process': { oneProcess: true as const },
  })) {
    test(`a failed test that leaves a server open in ${where} ends within seconds, with its failure`, async () => {
      const { counts, output, seconds } = await runSource(
        leaveServer("throw new Error('failed on purpose');"),
        suite,
      );
      assert.deepEqual(counts, { passed: 0, failed: 1, skipped: 0 }, output);
      assert.match(output, /Error: failed on purpose/);
      assert.match(openLines(output).join(), /TCPServerWrap/);
      assert.ok(seconds < 60, `${seconds} s`);
    });

    test(`${where} whose tests pass, and leave a server open, fails and says so`, async () => {
      const { counts, output } = await runSource(leaveServer(''), suite);
      assert.deepEqual(counts, { passed: 1, failed: 1, skipped: 0 }, output);
      assert.match(openLines(output).join(), /TCPServerWrap/);
    });
  }

  test('a file whose tests pass, and leave a connection open, passes and says so', async () => {
    const { counts, output } = await runSource(
      `import { connect, createServer } from 'node:net';
      test('leaves a connection', async () => {
        const server = createServer().listen(0, '127.0.0.1', () => {
          connect(server.address().port, '127.0.0.1', () => server.close());
        });
        await new Promise((resolve) => server.once('connection', resolve));
      });`,
    );
    assert.deepEqual(counts, { passed: 1, failed: 0, skipped: 0 }, output);
    assert.match(openLines(output).join(), /TCPSocketWrap/);
  });

  test('a hook after all tests may take longer than what closes after it', async () => {
    const { counts, output } = await runSource(
      `import { after } from 'node:test';
      import { setTimeout } from 'node:timers/promises';
      test('passes', () => {});
      after(() => setTimeout(12_000));`,
    );
    assert.deepEqual(counts, { passed: 1, failed: 0, skipped: 0 }, output);
  });

  test('every run of a file with many results has all of them, also if a server is left open', async () => {
    const results = "for (let i = 0; i < 300; i++) test('result ' + i, () => console.log('x'.repeat(2000)));";
    const runs = await Promise.all(
      Array.from({ length: 10 }, () =>
        runSource(results + leaveServer("throw new Error('failed on purpose');")),
      ),
    );
    for (const { counts, output } of runs) {
      assert.deepEqual(counts, { passed: 300, failed: 1, skipped: 0 }, output);
      assert.equal(output.match(/x{2000}/g)?.length, 300);
      assert.match(output, /Error: failed on purpose/);
    }
  });
});
