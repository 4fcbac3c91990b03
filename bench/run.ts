import { readdirSync } from 'node:fs';
import { type Figure, printTable } from './table.ts';

/** Runs every file of bench/figures, or those whose names are given, and prints one table. */
const wanted = process.argv.slice(2);
const files = readdirSync(new URL('figures/', import.meta.url))
  .filter((file) => file.endsWith('.ts'))
  .filter((file) => wanted.length === 0 || wanted.includes(file.replace(/\.ts$/, '')))
  .sort();
if (files.length === 0) throw new Error(`no figure is called ${wanted.join(' or ')}`);

const figures: Figure[] = [];
for (const file of files) {
  console.error(`measuring ${file.replace(/\.ts$/, '')} …`);
  const { measure } = (await import(`./figures/${file}`)) as { measure: () => Promise<Figure[]> };
  figures.push(...(await measure()));
}
printTable(figures);
if (figures.some(({ holds }) => holds === false)) process.exitCode = 1;
