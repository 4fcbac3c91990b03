import { once } from 'node:events';
import { SeenEnough } from './command.ts';

/** What every command understands: `--json` writes one JSON value to stdout and nothing else. */
export type Shown = { readonly json?: true };

/** Writes the result of a command: `value` with --json, else `text` as it is. */
export function show({ json }: Shown, value: unknown, text: string): void {
  process.stdout.write(json ? `${JSON.stringify(value, null, 2)}\n` : `${text}\n`);
}

/** Writes a line of many, and waits for who reads them; throws SeenEnough when nobody does any more. */
export async function writeLine(line: string): Promise<void> {
  if (process.stdout.destroyed) throw new SeenEnough();
  if (process.stdout.write(`${line}\n`)) return;
  try {
    await once(process.stdout, 'drain');
  } catch {
    throw new SeenEnough();
  }
}

/** Progress and remarks: stderr, so that stdout holds the result alone. */
export function note(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Text from elsewhere on one line: nothing in it moves the cursor or changes the colours. */
function onOneLine(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, '\ufffd');
}

/** One line per field, the values below each other. */
export function fields(pairs: readonly (readonly [label: string, value: string])[]): string {
  const width = Math.max(...pairs.map(([label]) => label.length));
  return pairs.map(([label, value]) => `${label.padEnd(width)}  ${onOneLine(value)}`.trimEnd()).join('\n');
}

/** Columns under their heads; a line longer than the terminal loses the end of its last column. */
export function table(heads: readonly string[], given: readonly (readonly string[])[]): string {
  const rows = given.map((row) => row.map(onOneLine));
  const widths = heads.map((head, i) => Math.max(head.length, ...rows.map((row) => (row[i] ?? '').length)));
  const lines = [heads.map((head) => head.toUpperCase()), ...rows].map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const width = process.stdout.columns ?? Number.POSITIVE_INFINITY;
  return lines.map((line) => (line.length > width ? `${line.slice(0, width - 1)}…` : line)).join('\n');
}
