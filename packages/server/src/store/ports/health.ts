import type { ProfileState } from '@esim-rsp/smdp/state/profile';
import type { DeliveryKind } from './outbox.ts';

/** Whether the store can be used. */
export interface HealthStore {
  /** Writes something and commits it durably, without changing any record. Rejects with the reason of the engine. */
  tryWrite(): Promise<void>;
  /** The schema version that the database has, and the newest one that this program knows. */
  schemaVersion(): Promise<{ readonly found: number; readonly known: number }>;
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
