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

export type Compared = { readonly measured: number; readonly limit: number; readonly ratio: number };

/**
 * Measures by turns, so that a machine that slows down slows both: the middle one of what was measured, of its limit,
 * and of the ratios of the turns.
 */
export async function byTurns(
  turns: number,
  measure: () => Promise<number>,
  limit: () => Promise<number>,
): Promise<Compared> {
  const taken: { readonly measured: number; readonly limit: number }[] = [];
  for (let turn = 0; turn < turns; turn++) taken.push({ limit: await limit(), measured: await measure() });
  return {
    measured: median(taken.map((turn) => turn.measured)),
    limit: median(taken.map((turn) => turn.limit)),
    ratio: median(taken.map((turn) => turn.measured / turn.limit)),
  };
}
