/** One line of the table: the measurement, its limit in the same run, and the target for the ratio. */
export type Benchmark = {
  readonly name: string;
  readonly measured: string;
  readonly limit: string;
  readonly ratio: string;
  readonly target: string;
  /** Whether the target was reached; absent without a target. */
  readonly isReached?: boolean;
};

const columns = ['name', 'measured', 'limit', 'ratio', 'target'] as const;
const heads = {
  name: 'benchmark',
  measured: 'measured',
  limit: 'limit in the same run',
  ratio: 'ratio',
  target: 'target',
};

/** Prints benchmarks as a Markdown table. */
export function printTable(benchmarks: readonly Benchmark[]): void {
  const width = (column: (typeof columns)[number]) =>
    Math.max(heads[column].length, ...benchmarks.map((benchmark) => benchmark[column].length));
  const line = (row: Readonly<Record<(typeof columns)[number], string>>, mark: string) =>
    console.log(`| ${columns.map((column) => row[column].padEnd(width(column))).join(' | ')} | ${mark} |`);
  line(heads, '  ');
  console.log(`|${columns.map((column) => '-'.repeat(width(column) + 2)).join('|')}|----|`);
  for (const benchmark of benchmarks)
    line(benchmark, benchmark.isReached === undefined ? '  ' : benchmark.isReached ? 'ok' : 'NO');
}

/** `12,345/s` */
export function rate(value: number): string {
  return `${Math.round(value).toLocaleString('en-US')}/s`;
}

/** The median of several measurements. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] as number;
}

export type Compared = { readonly measured: number; readonly limit: number; readonly ratio: number };

/**
 * Measures in turns, so that a machine that slows down slows both. Returns the medians of the measurements, of the limits
 * and of the ratios.
 */
export async function byTurns(
  turns: number,
  measure: () => Promise<number>,
  limit: () => Promise<number>,
): Promise<Compared> {
  const results: { readonly measured: number; readonly limit: number }[] = [];
  for (let turn = 0; turn < turns; turn++) results.push({ limit: await limit(), measured: await measure() });
  return {
    measured: median(results.map((turn) => turn.measured)),
    limit: median(results.map((turn) => turn.limit)),
    ratio: median(results.map((turn) => turn.measured / turn.limit)),
  };
}
