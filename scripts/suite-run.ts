import { spawn } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { withCompileCache } from './compile-cache.ts';
import { SUITES, type Suite } from './suites.ts';

export const ROOT = join(import.meta.dirname, '..');

/** The longest time of one test, in milliseconds: enough for the slowest one on a machine that is busy. */
const TEST_TIMEOUT = 180_000;

/** Options of Node: a failed test may leave a server or a timer behind, and must not keep its file from ending. */
export const END_OF_TESTS = ['--import', pathToFileURL(join(ROOT, 'test/harness/end-of-tests.ts')).href];

/**
 * The longest time of a suite, in milliseconds. A suite that takes longer hangs: it is ended, and counts as failed with
 * what it has printed.
 */
function suiteTimeout({ seconds }: Suite): number {
  return 480_000 + seconds * 3000;
}

/** How many tests passed, failed and were skipped. A command without test files counts as one test. */
export type Counts = { readonly passed: number; readonly failed: number; readonly skipped: number };

export type SuiteResult = {
  readonly suite: Suite;
  readonly counts: Counts;
  readonly seconds: number;
  /** stdout and stderr. */
  readonly output: string;
};

/** The test files of each suite; a file that several rows match belongs to the first of them. */
export function testFiles(suites: readonly Suite[] = SUITES): Map<Suite, readonly string[]> {
  const taken = new Set<string>();
  return new Map(
    suites.map((suite) => {
      const found = globSync(suite.tests ?? [], { cwd: ROOT }).map((path) => path.replaceAll('\\', '/'));
      const files = found.filter((path) => !taken.has(path)).sort();
      for (const path of files) taken.add(path);
      return [suite, files];
    }),
  );
}

/** Runs a command, or test files of a suite, in a process group of its own that ends with it. */
export async function runSuite(
  suite: Suite,
  files: readonly string[],
  timeout = suiteTimeout(suite),
): Promise<SuiteResult> {
  const started = performance.now();
  const { code, output } = await runNode(suite.command ?? testArguments(suite, files), timeout);
  const seconds = (performance.now() - started) / 1000;
  const counts = suite.command ? commandCounts(code) : testCounts(output, code);
  return { suite, counts, seconds, output };
}

function testArguments({ oneProcess, atATime = 1 }: Suite, files: readonly string[]): string[] {
  const isolation = oneProcess ? ['--test-isolation=none'] : [`--test-concurrency=${atATime}`];
  return [
    '--test',
    '--test-reporter=spec',
    ...END_OF_TESTS,
    `--test-timeout=${TEST_TIMEOUT}`,
    ...isolation,
    ...files,
  ];
}

/** The process groups that run now. */
const groups = new Set<number>();

/** Kills all that runs, for a run that is interrupted. */
export function endAll(): void {
  for (const leader of groups) endGroup(leader);
}

/** Kills a process and all that it has started. */
function endGroup(leader: number): void {
  try {
    process.kill(-leader, 'SIGKILL');
  } catch {} // all of them have ended
}

function runNode(args: readonly string[], timeout: number): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    env: { ...withCompileCache, NODE_TEST_CONTEXT: undefined }, // its tests are not part of a test that runs it
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
  const { pid } = child;
  if (pid !== undefined) groups.add(pid);
  const end = () => pid !== undefined && endGroup(pid);
  const limit = setTimeout(() => {
    output += `\nended after ${timeout / 1000} s: it hangs\n`;
    end();
  }, timeout);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', end); // also what it left behind, which may hold stdout open
    child.on('close', (code) => {
      clearTimeout(limit);
      if (pid !== undefined) groups.delete(pid);
      resolve({ code, output });
    });
  });
}

function commandCounts(code: number | null): Counts {
  return code === 0 ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 };
}

/** The last lines of Node's test runner, such as `ℹ pass 12`. A test may print such lines too, before them. */
export function closingLines(output: string): string[] {
  const lines = output.match(/^ℹ (?:tests|pass|fail|cancelled|skipped|todo) \d+$/gm) ?? [];
  return lines.slice(-6);
}

/** What test files say that do not end by themselves (test/harness/end-of-tests.ts). */
export function openLines(output: string): string[] {
  return output.match(/^.*Still open \d+ s after the last test.*$/gm) ?? [];
}

/** Reads the closing lines of Node's test runner. A run that fails without a failed test counts as one. */
export function testCounts(output: string, code: number | null): Counts {
  const closing = Object.fromEntries(closingLines(output).map((line) => line.slice(2).split(' ')));
  const count = (name: string) => Number(closing[name] ?? 0);
  const failed = count('fail') + count('cancelled');
  return {
    passed: count('pass'),
    failed: code === 0 ? failed : Math.max(failed, 1),
    skipped: count('skipped') + count('todo'),
  };
}
