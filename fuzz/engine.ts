import { concat } from '@esim-rsp/codec';
import { type Chance, chanceFrom } from './chance.ts';
import { startCoverage } from './coverage.ts';
import type { Opened, Target } from './target.ts';

/** An input whose result is not allowed. */
export type Finding = { readonly target: string; readonly input: Uint8Array; readonly error: Error };
export type Report = {
  readonly runs: number;
  readonly blocks: number;
  readonly findings: readonly Finding[];
};
export type Budget = {
  readonly seed: number;
  /** Whether another batch may start. */
  readonly goOn: (runs: number) => boolean;
  /** The longest time for one input, in milliseconds. */
  readonly hang?: number;
};

const HANG = 1000;
const BATCH = 16;
const MAX_CORPUS = 4000;

/** Runs the seeds, then mutations of them. Inputs that run new blocks are mutated again. */
export async function fuzz(target: Target, { seed, goOn, hang }: Budget): Promise<Report> {
  const opened = await target.open();
  const chance = chanceFrom(seed);
  const findings = new Map<string, Finding>();
  const corpus = [...opened.seeds];
  using coverage = startCoverage();
  const tried = async (input: Uint8Array): Promise<void> => {
    const error = await outcome(opened, input, hang);
    if (error === undefined || findings.has(kindOf(error))) return;
    const least = await smallest(opened, { input, error }, hang);
    findings.set(kindOf(error), { target: target.name, ...least });
  };
  let runs = 0;
  for (const input of corpus) await tried(input);
  runs += corpus.length;
  let blocks = coverage.fresh();
  while (goOn(runs)) {
    const batch = Array.from({ length: BATCH }, () => next(opened, corpus, chance));
    coverage.forget(); // the mutations read TLVs too
    for (const input of batch) await tried(input);
    runs += BATCH;
    const newBlocks = coverage.fresh();
    blocks += newBlocks;
    if (newBlocks > 0 && corpus.length < MAX_CORPUS) corpus.push(...batch);
  }
  return { runs, blocks, findings: [...findings.values()] };
}

function next({ mutate }: Opened, corpus: readonly Uint8Array[], chance: Chance): Uint8Array {
  // half of the time one of the latest, because they ran new blocks
  const latest = corpus.slice(-BATCH);
  return mutate(chance.pick(chance.number(2) === 0 ? latest : corpus), chance.pick(corpus), chance);
}

/** The error of an input, if it has one. An input is too slow if it is slow twice, because the machine may be busy once. */
export async function outcome(
  { run }: Opened,
  input: Uint8Array,
  hang: number = HANG,
): Promise<Error | undefined> {
  const milliseconds = async () => {
    const started = performance.now();
    await run(input);
    return performance.now() - started;
  };
  try {
    if ((await milliseconds()) <= hang || (await milliseconds()) <= hang) return undefined;
    return new Error(`it took more than ${hang} ms`);
  } catch (error) {
    return error instanceof Error
      ? error
      : new Error(`something that is not an error was thrown: ${String(error)}`);
  }
}

/** Two findings are the same if they come from the same line. */
function kindOf({ name, message, stack = '' }: Error): string {
  return `${name} ${/^\s+at .*/m.exec(stack)?.[0] ?? message}`;
}

/** Makes the input smaller as long as the finding stays. */
async function smallest(opened: Opened, found: Pick<Finding, 'input' | 'error'>, hang?: number) {
  let least = found;
  let left = 400;
  for (let size = found.input.length >> 1; size > 0; size >>= 1)
    for (let at = 0; at < least.input.length && left > 0; left--) {
      const shorter = concat(least.input.subarray(0, at), least.input.subarray(at + size));
      const other = await outcome(opened, shorter, hang);
      if (other !== undefined && kindOf(other) === kindOf(found.error))
        least = { input: shorter, error: other };
      else at += size;
    }
  return least;
}
