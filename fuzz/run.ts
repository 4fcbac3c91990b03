/** `npm run fuzz`: tries inputs that an attacker could send, and saves those with a result that is not allowed. */

import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Finding, fuzz, outcome } from './engine.ts';
import { targets } from './targets.ts';

const HELP = `npm run fuzz -- [--seconds N] [--target NAME …] [--seed S]
npm run fuzz -- --target NAME --input FILE

  --seconds N    how long, shared between the targets (default: 60)
  --target NAME  only this one; may be repeated: ${targets.map(({ name }) => name).join(', ')}
  --seed S       makes the same choices again (default: another one each time)
  --input FILE   tries one input, such as a finding, and prints what becomes of it

Findings are written to fuzz/findings/, and the exit code is then 1. Keys and certificates are new in each run, so an
input that holds signatures may need its seed, and some luck, to be found again.`;

const FINDINGS = join(import.meta.dirname, 'findings');

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    target: { type: 'string', multiple: true },
    seed: { type: 'string', default: String(Date.now() % 2 ** 32) },
    input: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

function chosen() {
  const names = values.target ?? targets.map(({ name }) => name);
  return names.map((name) => {
    const found = targets.find((target) => target.name === name);
    if (found === undefined) throw new Error(`there is no target ${name}; see --help`);
    return found;
  });
}

function write({ target, input, error }: Finding, seed: number): void {
  mkdirSync(FINDINGS, { recursive: true });
  const file = join(FINDINGS, `${target}-${createHash('sha256').update(input).digest('hex').slice(0, 12)}`);
  writeFileSync(`${file}.bin`, input);
  writeFileSync(
    `${file}.txt`,
    `target ${target}, seed ${seed}\n${Buffer.from(input).toString('hex')}\n${error.stack}\n`,
  );
  console.error(`finding in ${target}: ${file}.bin\n${error.stack}\n`);
}

async function main(): Promise<void> {
  if (values.help) return console.log(HELP);
  if (values.input !== undefined) {
    const input = Uint8Array.from(readFileSync(values.input));
    for (const target of chosen())
      console.log((await outcome(await target.open(), input))?.stack ?? 'as it should be');
    return;
  }
  const [seed, seconds] = [Number(values.seed), Number(values.seconds)];
  if (!Number.isInteger(seed) || !(seconds > 0))
    throw new Error('--seed and --seconds are numbers; see --help');
  console.log(`seed ${seed}`);
  for (const target of chosen()) {
    const end = performance.now() + (1000 * seconds) / chosen().length;
    const { runs, blocks, findings } = await fuzz(target, { seed, goOn: () => performance.now() < end });
    for (const finding of findings) write(finding, seed);
    console.log(`target ${target.name}: ${runs} runs, ${blocks} blocks, ${findings.length} findings`);
    if (findings.length > 0) process.exitCode = 1;
  }
}

await main();
