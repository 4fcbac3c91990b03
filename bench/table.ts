/** One line of the table: what was measured, its limit in the same run, and the ratio to reach. */
export type Figure = {
  readonly name: string;
  readonly measured: string;
  readonly limit: string;
  readonly ratio: string;
  readonly reach: string;
  /** Whether it was reached; absent where nothing is to be reached. */
  readonly holds?: boolean;
};

const columns = ['name', 'measured', 'limit', 'ratio', 'reach'] as const;
const heads = {
  name: 'figure',
  measured: 'measured',
  limit: 'limit in the same run',
  ratio: 'ratio',
  reach: 'reach',
};

/** Prints figures as a Markdown table. */
export function printTable(figures: readonly Figure[]): void {
  const width = (column: (typeof columns)[number]) =>
    Math.max(heads[column].length, ...figures.map((figure) => figure[column].length));
  const line = (row: Readonly<Record<(typeof columns)[number], string>>, mark: string) =>
    console.log(`| ${columns.map((column) => row[column].padEnd(width(column))).join(' | ')} | ${mark} |`);
  line(heads, '  ');
  console.log(`|${columns.map((column) => '-'.repeat(width(column) + 2)).join('|')}|----|`);
  for (const figure of figures) line(figure, figure.holds === undefined ? '  ' : figure.holds ? 'ok' : 'NO');
}

/** `12,345/s` */
export function rate(value: number): string {
  return `${Math.round(value).toLocaleString('en-US')}/s`;
}

/** The middle one of several measurements. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] as number;
}
