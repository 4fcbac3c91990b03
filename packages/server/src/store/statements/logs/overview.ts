import type { ProfileState } from '@esim-rsp/smdp/state/profile';
import {
  type DownloadEndCount,
  type DownloadEndFilter,
  type DownloadEndType,
  downloadEndTypes,
  type OverviewStore,
} from '../../ports/logs/overview.ts';
import { isOneOf } from '../one-of.ts';
import { type PendingRow, pendingFromRow } from '../statistics.ts';
import type { TextCall, TextEngine } from '../text-call.ts';

/** An engine may have several rows of one state: their sum counts. */
const STATES = `select state, sum(count) as count from profile_count where account = ? and profile_type = '' group by state`;

const WAITING = `select count(*) as count, min(created_at) as oldest from
  (select created_at from delivery where kind = ? and target = ? and state = 'pending' limit ?) as waiting`;

/** Ends that one statement counts: it takes a few milliseconds. */
const ENDS_AT_ONCE = 5000;

/** Written as the index has it, so that the engines find it. */
const ENDS = `from event where account = ? and at >= ? and at < ? and ${isOneOf('type', downloadEndTypes)}`;
const END_AT = `select at ${ENDS} order by at desc limit 1 offset ${ENDS_AT_ONCE - 1}`;
const ENDS_BY_PERIOD = `select cast((at - ?) / ? as bigint) as period, type, subject_code, reason_code, count(*) as count
  ${ENDS} group by 1, type, subject_code, reason_code`;

/** Statements whose rows an index must have, for tests. */
export const endStatements = [END_AT, ENDS_BY_PERIOD];

type EndRow = {
  readonly period: number;
  readonly type: DownloadEndType;
  readonly subject_code: string | null;
  readonly reason_code: string | null;
  readonly count: number;
};

/** The same statements on every engine. */
export function overviewStore({ read }: TextEngine): OverviewStore {
  const rows = async <R>(...call: TextCall) => ((await read([call]))[0] ?? []) as R[];
  return {
    stateCounts: (account) => rows<{ state: ProfileState; count: number }>(STATES, account),
    waitingDeliveries: async ({ kind, target }, most) => {
      const [row = { count: 0, oldest: null }] = await rows<PendingRow>(WAITING, kind, target, most);
      return pendingFromRow(row);
    },
    /** From the newest end on, in steps of about the same size. */
    countDownloadEnds: async ({ account, since, until, period, most }: DownloadEndFilter) => {
      const counts = new Map<string, DownloadEndCount>();
      let before = until;
      for (let counted = 0; counted < most && before > since; counted += ENDS_AT_ONCE) {
        const [last] = await rows<{ at: number }>(END_AT, account, since, before);
        const from = last?.at ?? since;
        for (const row of await rows<EndRow>(ENDS_BY_PERIOD, since, period, account, from, before))
          addTo(counts, row);
        before = from;
      }
      return { counts: [...counts.values()], from: before };
    },
  };
}

/** Two steps can meet in one period. */
function addTo(counts: Map<string, DownloadEndCount>, row: EndRow): void {
  const { period, type, subject_code: subjectCode, reason_code: reasonCode, count } = row;
  const key = [period, type, subjectCode, reasonCode].join();
  counts.set(key, {
    period,
    type,
    ...(subjectCode !== null && reasonCode !== null && { reason: { subjectCode, reasonCode } }),
    count: count + (counts.get(key)?.count ?? 0),
  });
}
