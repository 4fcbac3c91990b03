import { reasons, subjects } from '@esim-rsp/sgp22/status';
import type { NotFromCaller } from '@esim-rsp/smdp/from-caller';
import { timeOf } from '../../shapes/time.ts';
import type { DownloadEndCount, OverviewStore } from '../../store/ports/logs/overview.ts';
import type { OverviewResponse, periods } from './overview.ts';

type Period = (typeof periods)[number];
type Downloads = OverviewResponse['downloads'];

const HOUR = 3_600_000;
export const periodLengths = { hour: HOUR, day: 24 * HOUR } as const satisfies Record<Period, number>;

/** Ends of downloads that one answer counts: it takes a quarter of a second at most. */
const MOST_ENDS = 200_000;

/** `since` and `until`: Unix milliseconds. */
type Range = NotFromCaller & {
  readonly account: string;
  readonly since: number;
  readonly until: number;
  readonly by: Period;
};

/** How downloads ended, by period and by reason. */
export async function countDownloads(
  store: OverviewStore,
  { account, since, until, by }: Range,
): Promise<Downloads> {
  const period = periodLengths[by];
  const { counts, from } = await store.countDownloadEnds({ account, since, until, period, most: MOST_ENDS });
  const outcomes = new Map<number, { succeeded: number; failed: number }>();
  for (const end of counts) {
    const outcome = outcomes.get(end.period) ?? { succeeded: 0, failed: 0 };
    outcome[end.type === 'profile.installed' ? 'succeeded' : 'failed'] += end.count;
    outcomes.set(end.period, outcome);
  }
  const sorted = [...outcomes].sort(([one], [other]) => one - other);
  const sum = (name: 'succeeded' | 'failed') =>
    sorted.reduce((total, [, outcome]) => total + outcome[name], 0);
  return {
    since: timeOf(since),
    until: timeOf(until),
    by,
    ...(from > since && { counted_since: timeOf(from) }),
    succeeded: sum('succeeded'),
    failed: sum('failed'),
    periods: sorted.map(([number, outcome]) => ({ starts_at: timeOf(since + number * period), ...outcome })),
    reasons: countReasons(counts),
  };
}

function countReasons(counts: readonly DownloadEndCount[]): Downloads['reasons'] {
  const found = new Map<string, Downloads['reasons'][number]>();
  for (const { reason, count } of counts) {
    if (reason === undefined) continue;
    const { subjectCode: subject_code, reasonCode: reason_code } = reason;
    const key = `${subject_code}/${reason_code}`;
    const message = [wordsIn(subjects, subject_code), wordsIn(reasons, reason_code)].join(': ');
    const before = found.get(key)?.count ?? 0;
    found.set(key, { reason: { subject_code, reason_code, message }, count: before + count });
  }
  return [...found.values()].sort((one, other) => other.count - one.count);
}

function wordsIn(table: Readonly<Record<string, string>>, code: string): string {
  return Object.hasOwn(table, code) ? (table[code] ?? code) : code;
}
