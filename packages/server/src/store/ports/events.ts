import type { NotFromCaller } from '@esim-rsp/smdp/from-caller';
import type { ProfileEvent } from '@esim-rsp/smdp/state/event';

/** An event as it is stored: its id is higher than that of every event before it. */
export type StoredEvent = ProfileEvent & { readonly id: number };

export type EventFilter = NotFromCaller & {
  /** Absent: of every account. */
  readonly account?: string;
  /** Needs an account. */
  readonly iccid?: string;
  /** Only events with a higher id. */
  readonly after: number;
  /** At most this many. */
  readonly count: number;
};

/** Events are written by `save`, in the same transaction as the change that they describe. */
export interface EventStore {
  /** By id. */
  events(filter: EventFilter): Promise<readonly StoredEvent[]>;
  /** The id of the last event; 0: there is none. */
  lastEventId(): Promise<number>;
}
