/**
 * Plays random interleavings of phones, operators and crashes against the SM-DP+ without HTTP, SQL and real time. Options: --seed N (the first
 * seed; the next runs take the numbers that follow), --runs N, --seconds N (stops after this time). A run that finds something prints its seed:
 * `--seed N --runs 1` plays it again.
 */

import { parseArgs } from 'node:util';
import { simulate } from './simulate.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
    runs: { type: 'string', default: 'Infinity' },
    seconds: { type: 'string', default: '10' },
  },
});

const until = performance.now() + Number(values.seconds) * 1000;
const totals = { runs: 0, turns: 0, crashes: 0, failed: 0 };
const MOST_FAILED = 5;
/** Runs that found a fault once are played first, unless one run is asked for. */
const replayed = values.runs === '1' ? [] : [1000534, 1000780, 1002796];

for (let i = 0; i < Number(values.runs) && performance.now() < until && totals.failed < MOST_FAILED; i++) {
  const seed = replayed[i] ?? Number(values.seed) + i - replayed.length;
  const { problems, turns, crashes } = await simulate(seed);
  totals.runs++;
  totals.turns += turns;
  totals.crashes += crashes;
  if (problems.length === 0) continue;
  totals.failed++;
  console.log(`seed ${seed}: ${problems.length} problems`);
  for (const problem of problems.slice(0, 3)) console.log(`  ${problem}`);
}
const { runs, turns, crashes, failed } = totals;
console.log(`simulation: ${runs} runs, ${turns} turns, ${crashes} crashes, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
