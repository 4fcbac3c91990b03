import { escapeText } from '@esim-rsp/sgp22/value/text';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';
import type { Command } from 'commander';
import { note, type OutputOptions, show } from './output.ts';
import { valueBy } from './values.ts';

/** The columns of a table, in their order. The last one has the free text, such as a reason: it is never left out. */
export type Columns = {
  readonly names: readonly string[];
  /** What a narrow terminal leaves out, the least important column first. */
  readonly dropFirst?: readonly string[];
  /** Said about a table without rows: that there is nothing, and how to change that. */
  readonly none?: string;
};

/** The options of every command that shows a table. */
export type TableOptions = OutputOptions & {
  readonly columns?: readonly string[];
  /** false: `--no-trunc`. */
  readonly trunc?: boolean;
};

/** Adds `--columns` and `--no-trunc`. */
export function tableOptions(command: Command, { names }: Columns): Command {
  return command
    .option(
      '--columns <list>',
      `only these columns, in this order: ${names.map(optionText).join(', ')}`,
      valueBy((text) => columnsFrom(text, names)),
    )
    .option('--no-trunc', 'all columns in full, however narrow the terminal is');
}

/** The name of a column has no space in an option. */
const optionText = (name: string): string => name.replaceAll(' ', '-');

function columnsFrom(text: string, names: readonly string[]): string[] {
  return text.split(',').map((wanted) => {
    const name = names.find((known) => optionText(known) === optionText(wanted.trim().toLowerCase()));
    if (name === undefined)
      throw new ValueError(`there is no column '${wanted}': choose from ${names.map(optionText).join(',')}`);
    return name;
  });
}

type Rows = readonly (readonly string[])[];

/** Shows a list: `value` with `--json`, otherwise a table. A note says which columns were left out. */
export function showTable(options: TableOptions, value: unknown, columns: Columns, rows: Rows): void {
  const { text, dropped } = table(columns, rows, options);
  show(options.json ? { json: true } : {}, value, text);
  if (rows.length === 0 && columns.none !== undefined && !options.json) note(columns.none);
  if (dropped.length > 0 && !options.json)
    note(`columns left out: ${dropped.map(optionText).join(', ')}; to see them: --no-trunc or --columns`);
}

/**
 * Formats a table for the terminal. A file, a pipe, `--columns` and `--no-trunc` get it in full, so that programs never miss anything.
 * `width`: by default that of the terminal.
 */
export function table(
  { names, dropFirst = [] }: Columns,
  rows: Rows,
  { columns, trunc = true }: Pick<TableOptions, 'columns' | 'trunc'> = {},
  width = process.stdout.columns ?? Number.POSITIVE_INFINITY,
): { readonly text: string; readonly dropped: readonly string[] } {
  const cells = rows.map((row) => row.map(escapeText));
  const most = columns === undefined && trunc ? width : Number.POSITIVE_INFINITY;
  const shown = [...(columns ?? names)];
  const dropped: string[] = [];
  for (const name of dropFirst) {
    if (leastWidth(widthsOf(shown, names, cells)) <= most) break;
    shown.splice(shown.indexOf(name), 1);
    dropped.push(name);
  }
  const at = shown.map((name) => names.indexOf(name));
  const lines = [shown.map((name) => name.toUpperCase()), ...cells.map((row) => at.map((i) => row[i] ?? ''))];
  return { text: layOut(lines, widthsOf(shown, names, cells), most), dropped };
}

const GAP = '  ';

function widthsOf(shown: readonly string[], names: readonly string[], cells: Rows): number[] {
  return shown.map((name) => {
    const at = names.indexOf(name);
    return Math.max(name.length, ...cells.map((row) => (row[at] ?? '').length));
  });
}

const sum = (widths: readonly number[]): number =>
  widths.reduce((total, one) => total + one, GAP.length * (widths.length - 1));

/** The last column gets at least this, if it needs it, before other columns are left out: its text continues on further lines. */
const LEAST_WIDTH = 30;
/** It is never narrower than this, also in the narrowest terminal. */
const NARROWEST = 10;

/** What the columns need, when the text of the last one is wrapped. */
const leastWidth = (widths: readonly number[]): number =>
  sum([...widths.slice(0, -1), Math.min(widths.at(-1) ?? 0, LEAST_WIDTH)]);

/** Aligns the columns. A text that is too long for its column continues on further lines. */
function layOut(lines: Rows, natural: readonly number[], most: number): string {
  const widths = fit(natural, most);
  return lines
    .flatMap((line) => {
      const wrapped = line.map((cell, i) => wrap(cell, widths[i] ?? NARROWEST));
      const height = Math.max(...wrapped.map((texts) => texts.length));
      return Array.from({ length: height }, (_, row) =>
        wrapped.map((texts, i) => (texts[row] ?? '').padEnd(widths[i] ?? 0)).join(GAP),
      );
    })
    .map((line) => line.trimEnd())
    .join('\n');
}

/** The widths in the terminal: the last column takes what the others leave. If that is not enough, the widest of the others gets narrower. */
function fit(natural: readonly number[], most: number): readonly number[] {
  const [others, last = 0] = [natural.slice(0, -1), natural.at(-1)];
  for (;;) {
    const excess = leastWidth([...others, last]) - most;
    const widest = Math.max(...others);
    if (excess <= 0 || widest <= NARROWEST) break;
    others[others.indexOf(widest)] = Math.max(NARROWEST, widest - excess);
  }
  const space = most - sum([...others, 0]);
  return [...others, Math.max(NARROWEST, Math.min(last, space))];
}

/** Divides a text between words, or inside one that is too long, into lines of at most `width` characters. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let rest = text;
  while (rest.length > width) {
    const space = rest.lastIndexOf(' ', width);
    const end = space > 0 ? space : width;
    lines.push(rest.slice(0, end));
    rest = rest.slice(end).trimStart();
  }
  return [...lines, rest];
}
