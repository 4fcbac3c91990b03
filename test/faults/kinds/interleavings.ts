import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Fault } from '../fault.ts';

const ROOT = join(import.meta.dirname, '../../..');
const SECONDS = { quick: 5, medium: 30, full: 600 } as const;

/** Runs `simulation/run.ts` of the checkout under test, in a process of its own. */
export const interleavings: Fault = {
  name: 'whatever the order of calls, crashes and lost messages, the SM-DP+ keeps its promises (simulation)',
  engines: ['sqlite'],
  run: async ({ checkout, size, chance, findings }) => {
    if (checkout !== ROOT)
      for (const folder of ['test/faults', 'test/harness', 'fuzz'])
        cpSync(join(ROOT, folder), join(checkout, folder), { recursive: true });
    const args = ['--seconds', String(SECONDS[size]), '--seed', String(chance.number(1_000_000_000))];
    const child = spawn(process.execPath, [join(checkout, 'test/faults/simulation/run.ts'), ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exit = once(child, 'exit');
    const out = await text(child.stdout);
    await exit;
    const [, runs, crashes] = /simulation: (\d+) runs, \d+ turns, (\d+) crashes/.exec(out) ?? [];
    findings.injected(Number(crashes ?? 0));
    if (child.exitCode === 0 && Number(runs) > 0) return;
    findings.violation(
      `the simulation has failed (node test/faults/simulation/run.ts --seed N --runs 1):\n${out}`,
    );
  },
};
