import { once } from 'node:events';
import { escapeJson, escapeText } from '@esim-rsp/sgp22/value/text';
import { OutputClosed } from './command.ts';

/** The option of every command: `--json` writes one JSON value to stdout and nothing else. */
export type OutputOptions = { readonly json?: true };

/** Writes the result of a command: `value` with --json, otherwise `text`. */
export function show({ json }: OutputOptions, value: unknown, text: string): void {
  process.stdout.write(json ? `${jsonOf(value, 2)}\n` : `${escapeLines(text)}\n`);
}

/** JSON for a terminal or a program: it has no character that changes how a terminal shows it. */
export function jsonOf(value: unknown, indent = 0): string {
  return escapeJson(JSON.stringify(value, null, indent));
}

/** Stored and foreign text cannot move the cursor, change colours or run backwards. Line ends are those of the command. */
export function escapeLines(text: string): string {
  return text.split('\n').map(escapeText).join('\n');
}

/** Writes one of many lines, and waits for the reader. Throws OutputClosed when the reader has closed the output. */
export async function writeLine(line: string): Promise<void> {
  if (process.stdout.destroyed) throw new OutputClosed();
  if (process.stdout.write(`${escapeLines(line)}\n`)) return;
  try {
    await once(process.stdout, 'drain');
  } catch {
    throw new OutputClosed();
  }
}

/** Writes progress and remarks to stderr, so that stdout has only the result. */
export function note(text: string): void {
  process.stderr.write(`${escapeLines(text)}\n`);
}

/** Formats one line per field, with the values aligned. */
export function fields(pairs: readonly (readonly [label: string, value: string])[]): string {
  const width = Math.max(...pairs.map(([label]) => label.length));
  return pairs.map(([label, value]) => `${label.padEnd(width)}  ${escapeText(value)}`.trimEnd()).join('\n');
}
