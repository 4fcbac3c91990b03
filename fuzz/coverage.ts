import { type Profiler, Session } from 'node:inspector';

/** Counts the code blocks of the packages that ran, with V8's precise coverage. */
export type Coverage = Disposable & {
  /** Number of blocks that ran for the first time since the last call. */
  readonly fresh: () => number;
  /** Ignores the blocks that ran since the last call. */
  readonly forget: () => void;
};

type Interval = readonly [start: number, end: number];

export function startCoverage(): Coverage {
  const session = new Session();
  session.connect();
  session.post('Profiler.enable');
  session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  const missed = new Map<string, readonly Interval[]>();
  return {
    fresh: () => {
      let found = 0;
      session.post('Profiler.takePreciseCoverage', (error, taken) => {
        if (error) throw error;
        for (const { scriptId, url, functions } of taken.result)
          if (url.includes('/packages/')) for (const one of functions) found += fresh(missed, scriptId, one);
      });
      return found;
    },
    forget: () => session.post('Profiler.takePreciseCoverage'),
    [Symbol.dispose]: () => session.disconnect(),
  };
}

/** Counts 1 for a function that never ran before, otherwise its blocks that ran now. */
function fresh(
  missed: Map<string, readonly Interval[]>,
  scriptId: string,
  { ranges }: Profiler.FunctionCoverage,
): number {
  const [whole] = ranges;
  if (whole === undefined || whole.count === 0) return 0;
  const id = `${scriptId}:${whole.startOffset}:${whole.endOffset}`;
  const before = missed.get(id);
  const now = ranges
    .filter(({ count }) => count === 0)
    .map(({ startOffset, endOffset }): Interval => [startOffset, endOffset]);
  const left = before === undefined ? now : common(before, now);
  missed.set(id, left);
  return before === undefined ? 1 : before.filter((one) => !left.some((other) => same(one, other))).length;
}

function common(some: readonly Interval[], others: readonly Interval[]): Interval[] {
  const parts = some.flatMap(([a, b]) =>
    others.map(([c, d]): Interval => [Math.max(a, c), Math.min(b, d)]).filter(([start, end]) => start < end),
  );
  return parts.filter((one, at) => parts.findIndex((other) => same(one, other)) === at);
}

function same([a, b]: Interval, [c, d]: Interval): boolean {
  return a === c && b === d;
}
