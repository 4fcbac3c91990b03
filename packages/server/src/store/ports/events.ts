import type { ProfileEvent } from '@esim-rsp/smdp/state/event';

/** An event as it was written: its number is higher than that of every event written before it. */
export type StoredEvent = ProfileEvent & { readonly id: number };

export type EventFilter = {
  /** Absent: of every account. */
  readonly account?: string;
  readonly iccid?: string;
  /** Only events with a higher number. */
  readonly after: number;
  /** At most so many. */
  readonly count: number;
};

/** Events are written by `save`, in the transaction that makes them so. */
export interface EventStore {
  /** In the order of their numbers. A filter by ICCID goes with an account. */
  events(filter: EventFilter): Promise<readonly StoredEvent[]>;
  /** The number of the last event; 0: there is none. */
  lastEvent(): Promise<number>;
}
