import { once } from 'node:events';
import { OutputClosed } from './command.ts';

/** The option of every command: `--json` writes one JSON value to stdout and nothing else. */
export type OutputOptions = { readonly json?: true };

/** Writes the result of a command: `value` with --json, otherwise `text`. */
export function show({ json }: OutputOptions, value: unknown, text: string): void {
  process.stdout.write(json ? `${JSON.stringify(value, null, 2)}\n` : `${text}\n`);
}

/** Writes one of many lines, and waits for the reader. Throws OutputClosed when the reader has closed the output. */
export async function writeLine(line: string): Promise<void> {
  if (process.stdout.destroyed) throw new OutputClosed();
  if (process.stdout.write(`${line}\n`)) return;
  try {
    await once(process.stdout, 'drain');
  } catch {
    throw new OutputClosed();
  }
}

/** Writes progress and remarks to stderr, so that stdout has only the result. */
export function note(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Replaces control characters, so that foreign text cannot move the cursor or change the colours. */
function onOneLine(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, '\ufffd');
}

/** Formats one line per field, with the values aligned. */
export function fields(pairs: readonly (readonly [label: string, value: string])[]): string {
  const width = Math.max(...pairs.map(([label]) => label.length));
  return pairs.map(([label, value]) => `${label.padEnd(width)}  ${onOneLine(value)}`.trimEnd()).join('\n');
}

/** Formats a table. It cuts lines that are longer than the terminal. */
export function table(heads: readonly string[], cells: readonly (readonly string[])[]): string {
  const rows = cells.map((row) => row.map(onOneLine));
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
