import type { ProfileState } from '@esim-rsp/smdp/state/profile';
import type { DeliveryKind } from './outbox.ts';

/** Whether the store can be used. */
export interface HealthStore {
  /** Writes something and commits it durably, without changing any record. Rejects with the reason of the engine. */
  tryWrite(): Promise<void>;
  /** The schema version that the database has, the newest one that this program knows, and whether it can use the first. */
  schemaVersion(): Promise<{ readonly found: number; readonly known: number; readonly isUsable: boolean }>;
}

/** How many profiles of an account and a type are in a state. An empty type: of all types, and without one. */
export type ProfileCount = {
  readonly account: string;
  readonly profileType: string;
  readonly state: ProfileState;
  readonly count: number;
};

export type PendingStatistics = {
  /** At most the number that was asked for. */
  readonly count: number;
  /** When the oldest of them was created, in Unix milliseconds; absent: there is none. */
  readonly oldestAt?: number;
};

/** Statistics of the whole store, for metrics. Each read is short, however much is stored. */
export interface StatisticsStore {
  /** The next `most` counts after one, sorted by account, type and state. */
  profileCounts(after: ProfileCount | undefined, most: number): Promise<readonly ProfileCount[]>;
  /** Of the deliveries of a kind that are pending, `most` are looked at. */
  pendingStatistics(kind: DeliveryKind, most: number): Promise<PendingStatistics>;
  /** API keys that expire between two times in Unix seconds, the second included. */
  keysExpiringBetween(from: number, to: number): Promise<number>;
  /** The size of the database. */
  databaseBytes(): Promise<number>;
}

/** The highest times of the buckets of `waits`, in seconds. */
export const WAIT_SECONDS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10] as const;

/** The connections of this process to a database server. */
export type ConnectionStatistics = {
  readonly open: number;
  /** Of those that are open or being opened, the ones that are in use. */
  readonly busy: number;
  /** Calls that wait for a connection now. */
  readonly waiting: number;
  /** Since the start: how many were opened, and how many ended although they were still needed. */
  readonly opened: number;
  readonly lost: number;
  /** How long calls waited for a connection, in seconds: how many of them in each bucket, the last of which has no highest time. */
  readonly waits: { readonly buckets: readonly number[]; readonly sum: number };
  /** Whether notifications of events come from other processes; absent: no reader waits for any. */
  readonly isListening?: boolean;
};

export interface ConnectionStore {
  /** undefined: the engine is in this process. */
  connections(): ConnectionStatistics | undefined;
}
