/**
 * `npm run attack`: starts a server for each attack and says which held. Options: --sample (the quick ones that `npm test` runs), --only TEXT
 * (names that contain it), --seed N (to repeat a run), --prove (against a copy of the source with a deliberate fault, where each attack must fail).
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chanceFrom } from '../../fuzz/chance.ts';
import { brokenCopy } from '../harness/broken-copy.ts';
import { freeAddresses } from '../harness/free-port.ts';
import { startServer } from '../harness/server.ts';
import type { Attack, Break } from './attack.ts';
import { attacks } from './attacks.ts';
import { breaks } from './breaks.ts';

const { values } = parseArgs({
  options: {
    sample: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    prove: { type: 'boolean', default: false },
  },
});
/** Attacks run next to each other, but for those that must be alone: they mostly wait, for a server that starts or for a clock. */
const AT_A_TIME = 2;
/** After this time an attack counts as failed: a server that hangs has not held. */
const SECONDS = 120;

const chosen = attacks.filter(({ name, sample }) => name.includes(values.only) && (sample || !values.sample));
const results = values.prove ? await proveAll() : await runAll();
const failed = results.filter((held) => !held).length;
console.log(`attacks: ${results.length} tried, ${results.length - failed} held, ${failed} failed`);
process.exitCode = failed > 0 || results.length === 0 ? 1 : 0;

async function runAll(): Promise<readonly boolean[]> {
  console.log(`seed ${values.seed}`);
  const held: boolean[] = [];
  const run = async (attack: Attack) => {
    const started = performance.now();
    const error = await outcomeOf(attack);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    held.push(error === undefined);
    console.log(
      `${error === undefined ? '✔' : '✖'} ${held.length}/${chosen.length} ${attack.name} (${seconds} s)`,
    );
    if (error !== undefined) console.log(String(error instanceof Error ? error.stack : error));
  };
  const together = chosen.filter(({ alone }) => !alone);
  const runNext = async () => {
    for (let one = together.shift(); one !== undefined; one = together.shift()) await run(one);
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, runNext));
  for (const attack of chosen.filter(({ alone }) => alone)) await run(attack);
  return held;
}

/** Here an attack holds if it fails wherever the source is broken for it, and if it is broken somewhere. */
async function proveAll(): Promise<readonly boolean[]> {
  const proven: boolean[] = [];
  for (const attack of chosen) {
    const own = breaks.filter((one) => one.attack === attack.name);
    if (own.length === 0) console.log(`✖ no break in test/attack/breaks.ts: ${attack.name}`);
    const noticed = [];
    for (const one of own) noticed.push(await notices(attack, one));
    proven.push(own.length > 0 && noticed.every(Boolean));
  }
  return proven;
}

async function notices(attack: Attack, broken: Break): Promise<boolean> {
  using copy = brokenCopy(broken);
  const error = await outcomeOf(attack, copy.root);
  console.log(`${error === undefined ? '✖ not noticed' : '✔ noticed'}: ${attack.name} (${broken.file})`);
  return error !== undefined;
}

/** Runs an attack against a server of its own, from this source or that of another checkout; resolves to why it did not hold. */
async function outcomeOf({ run, settings = {}, prepare }: Attack, root?: string): Promise<unknown> {
  const dataDir = mkdtempSync(join(tmpdir(), 'esim-attack-'));
  const timer = new AbortController();
  try {
    const prepared = await prepare?.(dataDir);
    await using target = await startServer(
      { ...(await freeAddresses()), ESIM_DATA_DIR: dataDir, ...settings, ...prepared },
      root,
    );
    const late = timeout(timer.signal);
    await Promise.race([run({ ...target, random: chanceFrom(Number(values.seed)).number }), late]);
    return undefined;
  } catch (error) {
    return error;
  } finally {
    timer.abort();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

function timeout(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`it took longer than ${SECONDS} s`)), SECONDS * 1000);
    signal.addEventListener('abort', () => clearTimeout(late));
  });
}
