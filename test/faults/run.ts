/** `npm run faults`: injects faults into servers that phones, operators and receivers use, and checks after each fault that nothing is lost. */

import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { chanceFrom } from '../../fuzz/chance.ts';
import { brokenCopy } from '../harness/broken-copy.ts';
import { compileServer } from '../harness/compiled-server.ts';
import { breaks } from './breaks.ts';
import type { EngineKind } from './engine.ts';
import { engines } from './engines/engines.ts';
import type { Break, Fault, FaultRun, Size } from './fault.ts';
import { faults } from './faults.ts';
import { createFindings, type Findings } from './findings.ts';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    medium: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    engine: { type: 'string' },
    seconds: { type: 'string' },
    help: { type: 'boolean', default: false },
    prove: { type: 'boolean', default: false },
    break: { type: 'string', default: '' },
  },
});

/** After so many seconds a kind injects no more faults. A slow machine gets fewer of them, and not a longer run. */
const SECONDS = { quick: 10, medium: 35, full: 1800 } as const;
/** What it may take after that to check what it has injected. */
const MORE_SECONDS = 180;

/** Kinds of faults: they mostly wait, for a process that starts or for a clock. */
const AT_A_TIME = 3;
const MOST_PRINTED = 20;
const MOST_CHARACTERS = 300;

const HELP = `npm run faults -- [options]
injects faults into servers that phones, operators and receivers use, and checks after each fault that nothing is lost

  --quick         at most ${SECONDS.quick} seconds of faults of each kind, on SQLite (npm test)
  --medium        at most ${SECONDS.medium} seconds of faults of each kind (npm run test:all)
  --seconds N     another limit; without all of these: ${SECONDS.full}
  --only TEXT     kinds whose names contain the text
  --engine NAME   only this engine: ${engines.map(({ name }) => name).join(' or ')}
  --seed N        the same random choices again
  --prove         against copies of the source with a deliberate break, which each kind must notice
  --break TEXT    with --prove: only breaks whose names contain the text

what runs where:
${faults.map(({ name, engines: on }) => `  ${on.join(', ').padEnd(17)} ${name}`).join('\n')}`;
if (values.help) {
  console.log(HELP);
  process.exit(0);
}

const ROOT = join(import.meta.dirname, '../..');
const size: Size = values.quick ? 'quick' : values.medium ? 'medium' : 'full';
const seconds = values.seconds === undefined ? SECONDS[size] : Number(values.seconds);
if (!(seconds > 0)) fail('--seconds needs a number above 0');
/** A kind of fault on an engine. */
type Case = { readonly fault: Fault; readonly engine: EngineKind };

/** A quick run is of the first engine, unless another one is named. */
const wanted = values.engine ?? (values.quick ? engines[0]?.name : undefined);
const chosenEngines = engines.filter(({ name }) => wanted === undefined || name === wanted);
if (chosenEngines.length === 0)
  fail(`there is no engine ${wanted}: ${engines.map(({ name }) => name).join(', ')}`);
const chosen: readonly Case[] = faults
  .filter(({ name }) => name.includes(values.only))
  .flatMap((fault) =>
    chosenEngines.filter(({ name }) => fault.engines.includes(name)).map((engine) => ({ fault, engine })),
  );
if (chosen.length === 0) fail(`no kind of fault has '${values.only}' in its name`);
console.log(`seed ${values.seed}, ${chosenEngines.map(({ name }) => name).join(' and ')}, ${size}`);
process.exitCode = (values.prove ? await proveAll() : await runAll()) ? 0 : 1;

async function runAll(): Promise<boolean> {
  using server = await compileServer(ROOT);
  const totals = { injected: 0, lost: 0, violations: 0 };
  const left = chosen.filter((one) => !isSkipped(one));
  const runNext = async () => {
    for (let one = left.shift(); one !== undefined; one = left.shift()) {
      const { injected, lost, violations } = await runOne(one, server.root);
      totals.injected += injected;
      totals.lost += lost;
      totals.violations += violations + (injected === 0 ? 1 : 0);
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, runNext));
  const { injected, lost, violations } = totals;
  console.log(`faults: ${injected} injected, ${lost} lost, ${violations} violations`);
  return lost + violations === 0 && injected > 0;
}

/**
 * Prints one line about a kind of fault, and what it has found. One that has not ended in time and has found nothing is run again, once: the machine may have
 * been busy. What is lost or violated counts at the first time.
 */
async function runOne(one: Case, root: string): Promise<Counts> {
  const first = await runOnce(one, root);
  if (first.hasEnded || first.counts.lost + first.counts.violations > 0) return report(one, first);
  console.log(`… ${nameOf(one)}: not ended after ${first.seconds.toFixed(1)} s, it is run again`);
  return report(one, await runOnce(one, root));
}

type Counts = ReturnType<Findings['count']>;
type Run = {
  readonly counts: Counts;
  readonly lines: readonly string[];
  readonly seconds: number;
  readonly hasEnded: boolean;
};

async function runOnce(one: Case, root: string): Promise<Run> {
  const started = performance.now();
  const lines: string[] = [];
  const findings = createFindings((line) => {
    if (lines.length < MOST_PRINTED) lines.push(line);
  });
  const stop = new AbortController();
  const hasEnded = await inject(one, { checkout: ROOT, root, findings, stop, seconds });
  return { counts: findings.count(), lines, seconds: (performance.now() - started) / 1000, hasEnded };
}

function report(one: Case, { counts, lines, seconds, hasEnded }: Run): Counts {
  const { injected, lost } = counts;
  const violations = counts.violations + (hasEnded ? 0 : 1);
  const isHeld = lost + violations === 0 && injected > 0;
  console.log(`${isHeld ? '✔' : '✖'} ${nameOf(one)}: ${injected} injected, ${seconds.toFixed(1)} s`);
  for (const line of lines) console.log(`  ${line}`);
  if (!hasEnded) console.log('  violation: it has not ended in time');
  return { injected, lost, violations };
}

function nameOf({ fault, engine }: Case): string {
  return `${engine.name}: ${fault.name}`;
}

function isSkipped(one: Case): boolean {
  const reason = one.fault.unavailable?.() ?? one.engine.unavailable();
  if (reason !== undefined) console.log(`﹣ skipped: ${nameOf(one)} (${reason})`);
  return reason !== undefined;
}

/** Here a kind of fault holds if it finds something wherever the source is broken for it, and if it is broken somewhere. */
async function proveAll(): Promise<boolean> {
  let isProven = true;
  for (const one of chosen) {
    if (isSkipped(one)) continue;
    const own = breaksFor(one);
    if (own.length === 0) console.log(`✖ no break in test/faults/breaks.ts: ${nameOf(one)}`);
    isProven &&= own.length > 0;
    for (const broken of own) isProven = (await notices(one, broken)) && isProven;
  }
  return isProven;
}

function breaksFor({ fault, engine }: Case): readonly Break[] {
  return breaks
    .filter((one) => one.fault === fault.name && (one.engine ?? engine.name) === engine.name)
    .filter(({ name }) => name.includes(values.break));
}

async function notices(one: Case, broken: Break): Promise<boolean> {
  using copy = brokenCopy(broken);
  using server = await compileServer(copy.root);
  const stop = new AbortController();
  let noticed: string | undefined;
  const findings = createFindings((line) => {
    if (!broken.finding.test(line)) return;
    noticed ??= line;
    stop.abort();
  });
  await inject(one, { checkout: copy.root, root: server.root, findings, stop, seconds: SECONDS.medium });
  console.log(`${noticed ? '✔ noticed' : '✖ not noticed'} (${one.engine.name}): ${broken.name}`);
  if (noticed !== undefined) console.log(`  ${noticed.slice(0, MOST_CHARACTERS)}`);
  return noticed !== undefined;
}

type Injection = Pick<FaultRun, 'checkout' | 'root' | 'findings'> & {
  readonly stop: AbortController;
  readonly seconds: number;
};

/** Resolves to whether it has ended in time. */
async function inject({ fault, engine }: Case, { stop, seconds, ...rest }: Injection): Promise<boolean> {
  await using started = await engine.start();
  const timer = setTimeout(() => stop.abort(), seconds * 1000);
  const chance = chanceFrom(Number(values.seed));
  const late = sleep((seconds + MORE_SECONDS) * 1000, false, { ref: false });
  try {
    const running = fault.run({ engine: started, size, chance, ...rest, stopping: stop.signal });
    return await Promise.race([running.then(() => true), late]);
  } catch (error) {
    rest.findings.violation(`it could not continue: ${error instanceof Error ? error.stack : String(error)}`);
    return true;
  } finally {
    clearTimeout(timer);
  }
}

function fail(message: string): never {
  console.error(message);
  process.exit(2);
}
