/**
 * `npm run check`, `npm test` and `npm run test:all`: runs the suites of a level (suites.ts), one per core at a time. With
 * words after `--`, runs only the test files of that level whose paths contain one of them.
 */

import { availableParallelism } from 'node:os';
import {
  type Counts,
  closingLines,
  endAll,
  openLines,
  runSuite,
  type SuiteResult,
  testFiles,
} from './suite-run.ts';
import { LEVELS, type Level, type Suite, suitesOf } from './suites.ts';

const HEARTBEAT_MS = 30_000;
/** Characters of what a failed suite has printed that the summary repeats. */
const MOST_REPEATED = 4000;
const started = performance.now();

/** Time since the start, as minutes and seconds. */
function elapsed(): string {
  const seconds = Math.floor((performance.now() - started) / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** The order to start in: level by level, commands before tests, long suites before short ones. */
function compareSuites(a: Suite, b: Suite): number {
  const levels = LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level);
  const commands = Number(b.command !== undefined) - Number(a.command !== undefined);
  return levels || commands || b.seconds - a.seconds;
}

/** Each suite of the level with the test files to run, in the order to start in. */
function plan(level: Level, words: readonly string[]): [Suite, readonly string[]][] {
  const suites = suitesOf(level);
  const files = testFiles();
  const wanted = (path: string) => words.length === 0 || words.some((word) => path.includes(word));
  return suites
    .map((suite): [Suite, readonly string[]] => [suite, (files.get(suite) ?? []).filter(wanted)])
    .filter(([{ command }, paths]) => paths.length > 0 || (command !== undefined && words.length === 0))
    .toSorted(([a], [b]) => compareSuites(a, b));
}

/** Runs the plan, as many suites at a time as there are cores, and prints each result as soon as it is there. */
async function runAll(suites: readonly [Suite, readonly string[]][]): Promise<SuiteResult[]> {
  const waiting = [...suites];
  const running = new Set<string>();
  const results: SuiteResult[] = [];
  const progress = () => `${results.length} of ${suites.length} suites done, ${elapsed()} elapsed`;
  const runNext = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [suite, files] = next;
      running.add(suite.name);
      console.log(`▶ ${suite.name} (about ${suite.seconds} s)`);
      const result = await runSuite(suite, files);
      running.delete(suite.name);
      results.push(result);
      printResult(result, progress());
    }
  };
  const heartbeat = setInterval(() => {
    console.log(`… ${progress()}, running: ${[...running].join(', ')}`);
  }, HEARTBEAT_MS);
  await Promise.all(Array.from({ length: availableParallelism() }, runNext));
  clearInterval(heartbeat);
  return results;
}

/** One line, the closing lines of Node's test runner, and, after a failure, what failed. */
function printResult({ suite, counts, seconds, output }: SuiteResult, progress: string): void {
  const ok = counts.failed === 0;
  console.log(`${ok ? '✔' : '✖'} ${suite.name}: ${seconds.toFixed(1)} s (${progress})`);
  for (const line of closingLines(output)) console.log(line);
  if (!ok) console.log(failuresIn(output));
}

/** What is still open, and what failed, as Node's test runner says at its end; or all that a command has printed. */
function failuresIn(output: string): string {
  const start = output.lastIndexOf('✖ failing tests:');
  return start < 0 ? output : [...openLines(output.slice(0, start)), output.slice(start)].join('\n');
}

function total(results: readonly SuiteResult[], name: keyof Counts): number {
  return results.reduce((sum, { counts }) => sum + counts[name], 0);
}

/** The end of a long text, from the start of a line. */
function endOf(text: string): string {
  if (text.length <= MOST_REPEATED) return text;
  const end = text.slice(-MOST_REPEATED);
  return `…${end.slice(end.indexOf('\n'))}`;
}

/** The times of all suites, skipped tests with their reasons, what was left open, what failed (again, because a long output hides it), and the sums. */
function printSummary(level: Level, results: readonly SuiteResult[]): void {
  console.log(`\n${level}: ${results.length} suites in ${elapsed()}`);
  for (const { suite, counts, seconds } of results.toSorted((a, b) => b.seconds - a.seconds))
    console.log(`${counts.failed === 0 ? '✔' : '✖'} ${seconds.toFixed(1).padStart(6)} s  ${suite.name}`);
  for (const { output } of results)
    for (const [, skipped] of output.matchAll(/^ *﹣ (.*)$/gm)) console.log(`skipped: ${skipped}`);
  for (const { suite, output } of results)
    for (const line of openLines(output)) console.log(`${suite.name}: ${line}`);
  for (const { suite, counts, output } of results)
    if (counts.failed > 0) console.log(`\n✖ ${suite.name}\n${endOf(failuresIn(output).trimEnd())}\n`);
  const [passed, failed, skipped] = (['passed', 'failed', 'skipped'] as const).map((name) =>
    total(results, name),
  );
  console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
}

function fail(message: string): never {
  console.error(message);
  process.exit(2);
}

const [level, ...words] = process.argv.slice(2);
if (!LEVELS.includes(level as Level)) fail(`Give a level: ${LEVELS.join(', ')}.`);
const suites = plan(level as Level, words);
if (suites.length === 0) fail(`No test file of this level has ${words.join(' or ')} in its path.`);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => {
    endAll();
    process.exit(130);
  });
const results = await runAll(suites);
printSummary(level as Level, results);
if (total(results, 'failed') > 0) process.exitCode = 1;
