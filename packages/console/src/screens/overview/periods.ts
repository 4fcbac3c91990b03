import type { OverviewDownloads } from '@esim-rsp/sdk';

export const OUTCOMES = ['succeeded', 'failed'] as const;

export const ranges = ['24h', '7d', '30d'] as const;
export type Range = (typeof ranges)[number];

const HOUR = 3_600_000;
const DAYS = { '7d': 7, '30d': 30 } as const;

/** Where the first bar of a range begins: an hour, or midnight in the zone of the reader. */
export function startOf(range: Range, now: Date): Date {
  if (range === '24h') return new Date(now.getFullYear(), now.getMonth(), now.getDate(), now.getHours() - 23);
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() - DAYS[range] + 1);
}

export type Bar = { readonly start: Date; readonly values: readonly number[] };

/** The ends of downloads by hour or by day of the reader's zone, and by outcome. The server has counted them by hour. */
export function barsOf({ periods }: Pick<OverviewDownloads, 'periods'>, range: Range, now: Date): Bar[] {
  const first = startOf(range, now);
  const startAt = (i: number) =>
    range === '24h'
      ? new Date(first.getTime() + i * HOUR)
      : new Date(first.getFullYear(), first.getMonth(), first.getDate() + i);
  const count = range === '24h' ? 24 : DAYS[range];
  return Array.from({ length: count }, (_, i) => {
    const [from, to] = [startAt(i).getTime(), startAt(i + 1).getTime()];
    const own = periods.filter(({ starts_at }) => isWithin(Date.parse(starts_at), from, to));
    return {
      start: new Date(from),
      values: OUTCOMES.map((outcome) => own.reduce((sum, period) => sum + period[outcome], 0)),
    };
  });
}

function isWithin(time: number, from: number, to: number): boolean {
  return time >= from && time < to;
}

/** What ended since a time. */
export function countsSince({ periods }: Pick<OverviewDownloads, 'periods'>, since: number) {
  const own = periods.filter(({ starts_at }) => Date.parse(starts_at) >= since);
  const sum = (outcome: (typeof OUTCOMES)[number]) =>
    own.reduce((total, period) => total + period[outcome], 0);
  return { all: sum('succeeded') + sum('failed'), failed: sum('failed') };
}
