import { type MetricObjectWithValues, type MetricValue, Registry } from 'prom-client';

/** The metrics of one registry at a moment, as they travel between processes. */
export type Statistics = readonly MetricObjectWithValues<MetricValue<string>>[];

export async function readStatistics(registries: readonly Registry[]): Promise<Statistics> {
  const statistics = await Promise.all(registries.map((registry) => registry.getMetricsAsJSON()));
  return statistics.flat() as unknown as Statistics;
}

/** `text/plain` of Prometheus, or OpenMetrics. */
export type Format = 'prometheus' | 'openmetrics';

const OPEN_METRICS = Registry.OPENMETRICS_CONTENT_TYPE;

/** The text of all statistics. Metrics of the same name that come from several processes become one, with all of their lines. */
export async function textOf(
  statistics: Statistics,
  format: Format,
): Promise<{ type: string; body: string }> {
  const registry = new Registry();
  if (format === 'openmetrics') registry.setContentType(OPEN_METRICS as never); // the type knows one of the two only
  const byName = Map.groupBy(statistics, ({ name }) => name);
  for (const same of byName.values()) {
    const [first] = same as [Statistics[number]];
    const merged = { ...first, values: same.flatMap(({ values }) => values), get: () => merged };
    registry.registerMetric(merged as never);
  }
  return { type: registry.contentType, body: await registry.metrics() };
}
