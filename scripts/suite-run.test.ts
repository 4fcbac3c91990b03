import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { openLines, runSuite, type SuiteResult } from './suite-run.ts';
import type { Suite } from './suites.ts';

/** How suites end, whatever their tests leave behind. */

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

test('as many files of a suite run at the same time as it says', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'esim-suite-'));
  const names = ['one', 'two'];
  const files = names.map((name) => {
    const file = join(folder, `${name}.test.ts`);
    const source = `import { existsSync, writeFileSync } from 'node:fs';
      import { test } from 'node:test';
      import { setTimeout } from 'node:timers/promises';
      test('waits until the other file runs', async () => {
        writeFileSync(${JSON.stringify(join(folder, name))}, '');
        while (!${JSON.stringify(names.map((one) => join(folder, one)))}.every(existsSync)) await setTimeout(20);
      });`;
    writeFileSync(file, source);
    return file;
  });
  const { counts, output } = await runSuite(
    { name: 'source', level: 'check', seconds: 1, atATime: 2 },
    files,
    120_000,
  );
  rmSync(folder, { recursive: true });
  assert.deepEqual(counts, { passed: 2, failed: 0, skipped: 0 }, output);
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
