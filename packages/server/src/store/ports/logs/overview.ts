import type { NotFromCaller } from '@esim-rsp/smdp/from-caller';
import type { EventType } from '@esim-rsp/smdp/state/event';
import type { ProfileState } from '@esim-rsp/smdp/state/profile';
import type { PendingStatistics } from '../health.ts';
import type { Target } from '../outbox.ts';

/** The events that end a download, or one attempt of it. An index has them: another list needs another index. */
export const downloadEndTypes = [
  'profile.installed',
  'profile.error',
  'download.refused',
  'confirmation_code.wrong',
  'confirmation_code.locked',
] as const satisfies readonly EventType[];
export type DownloadEndType = (typeof downloadEndTypes)[number];

export type DownloadEndFilter = NotFromCaller & {
  readonly account: string;
  /** Unix milliseconds: from `since` to before `until`. */
  readonly since: number;
  readonly until: number;
  /** How long a period is, in milliseconds. The first one begins at `since`. */
  readonly period: number;
  /** About as many ends are counted, the newest. */
  readonly most: number;
};

/** The ends of one type and for one reason in one period, which has this number: 0 is the first. */
export type DownloadEndCount = {
  readonly period: number;
  readonly type: DownloadEndType;
  /** Why it failed: codes of SGP.22 5.2.6. */
  readonly reason?: { readonly subjectCode: string; readonly reasonCode: string };
  readonly count: number;
};

/** `from`: ends before this time were not counted, because there were too many (Unix milliseconds). */
export type DownloadEnds = { readonly counts: readonly DownloadEndCount[]; readonly from: number };

/** Numbers of one account. What they cost does not grow with its profiles. */
export interface OverviewStore {
  /** How many profiles of the account are in each state; states without any may be absent. */
  stateCounts(account: string): Promise<readonly { readonly state: ProfileState; readonly count: number }[]>;
  countDownloadEnds(filter: DownloadEndFilter): Promise<DownloadEnds>;
  /** Of the pending deliveries to a target, `most` are looked at. */
  waitingDeliveries(target: Target & NotFromCaller, most: number): Promise<PendingStatistics>;
}
