import { readdirSync } from 'node:fs';
import { isQuick } from './scale.ts';
import { type Benchmark, printTable } from './table.ts';

/** Runs every file of bench/benchmarks, or those that the arguments name, and prints one table. Targets do not count in a quick run. */
const wanted = process.argv.slice(2).filter((word) => word !== '--quick');
const files = readdirSync(new URL('benchmarks/', import.meta.url))
  .filter((file) => file.endsWith('.ts'))
  .filter((file) => wanted.length === 0 || wanted.includes(file.replace(/\.ts$/, '')))
  .sort();
if (files.length === 0) throw new Error(`there is no benchmark with the name ${wanted.join(' or ')}`);

const benchmarks: Benchmark[] = [];
for (const file of files) {
  console.error(`measuring ${file.replace(/\.ts$/, '')} …`);
  const { measure } = (await import(`./benchmarks/${file}`)) as { measure: () => Promise<Benchmark[]> };
  benchmarks.push(...(await measure()));
}
printTable(benchmarks);
if (isQuick) console.log('a quick run: every benchmark runs, its numbers mean nothing');
if (!isQuick && benchmarks.some(({ isReached }) => isReached === false)) process.exitCode = 1;
