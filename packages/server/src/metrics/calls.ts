import type { MetricObjectWithValues, MetricValue, Registry } from 'prom-client';

/** Counts one call of a function. `code`: the HTTP status of REST; `ok` or the status code of ES9+ and ES2+. */
export type CountCall = (code: string | number, milliseconds: number) => void;

type Labels = { readonly interface: string; readonly function: string };
type Calls = { readonly labels: Labels; readonly codes: Map<string | number, number>; readonly times: Times };
type Times = { readonly buckets: number[]; sum: number; count: number };

const MILLISECONDS = [1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 10_000];
const NAME = 'esim_call_duration_seconds';

/**
 * The calls of all functions. Counting one takes a small part of a microsecond, because no labels are read: the lines are made when
 * somebody asks for them.
 */
export function createCalls(registry: Registry): (of: string, name: string) => CountCall {
  const all = new Map<string, { readonly calls: Calls; readonly count: CountCall }>();
  const values = (linesOf: (calls: Calls) => MetricValue<string>[]) =>
    [...all.values()].flatMap(({ calls }) => linesOf(calls));
  addMetric(registry, 'counter', 'esim_calls_total', 'Calls that were answered', () => values(totals));
  addMetric(
    registry,
    'histogram',
    NAME,
    'Time in which a call was answered, from the moment on when its turn came',
    () => values(durations),
  );
  return (of, name) => {
    const key = `${of} ${name}`;
    const known = all.get(key);
    if (known !== undefined) return known.count;
    const times = { buckets: MILLISECONDS.map(() => 0), sum: 0, count: 0 };
    const calls = { labels: { interface: of, function: name }, codes: new Map(), times };
    const count = counterOf(calls);
    all.set(key, { calls, count });
    return count;
  };
}

function counterOf({ codes, times }: Calls): CountCall {
  return (code, milliseconds) => {
    codes.set(code, (codes.get(code) ?? 0) + 1);
    times.count++;
    times.sum += milliseconds;
    const bucket = MILLISECONDS.findIndex((bound) => milliseconds <= bound);
    if (bucket >= 0) times.buckets[bucket] = (times.buckets[bucket] ?? 0) + 1;
  };
}

function totals({ labels, codes }: Calls): MetricValue<string>[] {
  return [...codes].map(([code, value]) => ({ labels: { ...labels, code: String(code) }, value }));
}

function durations({ labels, times: { buckets, sum, count } }: Calls): MetricValue<string>[] {
  if (count === 0) return [];
  const bounds = MILLISECONDS.map((bound) => bound / 1000);
  return histogramLines(NAME, labels, bounds, { buckets, sum: sum / 1000, count });
}

/** The lines of a histogram. `buckets`: how many values were in each, not in those below. */
export function histogramLines(
  name: string,
  labels: Record<string, string>,
  bounds: readonly number[],
  {
    buckets,
    sum,
    count,
  }: { readonly buckets: readonly number[]; readonly sum: number; readonly count: number },
): MetricValue<string>[] {
  const line = (part: 'bucket' | 'sum' | 'count', own: Record<string, string>, value: number) => ({
    metricName: `${name}_${part}`,
    labels: own,
    value,
  });
  let below = 0;
  const lines = bounds.map((bound, i) => {
    below += buckets[i] ?? 0;
    return line('bucket', { ...labels, le: String(bound) }, below);
  });
  return [
    ...lines,
    line('bucket', { ...labels, le: '+Inf' }, count),
    line('sum', labels, sum),
    line('count', labels, count),
  ];
}

export function addMetric(
  registry: Registry,
  type: 'counter' | 'gauge' | 'histogram',
  name: string,
  help: string,
  values: () => MetricValue<string>[],
): void {
  const read = async () =>
    ({ name, help, type, values: values() }) as unknown as MetricObjectWithValues<never>;
  registry.registerMetric({ name, help, type, get: read } as never);
}
