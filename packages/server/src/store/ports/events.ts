import type { NotFromCaller } from '@esim-rsp/smdp/from-caller';
import type { EventType, ProfileEvent } from '@esim-rsp/smdp/state/event';
import type { LogPage, LogRange } from './log-page.ts';

/** An event as it is stored: its id is higher than that of every event before it. */
export type StoredEvent = ProfileEvent & { readonly id: number };

export type EventFilter = NotFromCaller &
  LogRange & {
    /** Absent: of every account. */
    readonly account?: string;
    /** Needs an account. */
    readonly iccid?: string;
    /** Absent: of every type. */
    readonly types?: readonly EventType[];
  };

/** Events are written by `save`, in the same transaction as the change that they describe. */
export interface EventStore {
  /** Without `sort`, the oldest first. */
  events(filter: EventFilter): Promise<LogPage<StoredEvent>>;
  /** The id of the last event; 0: there is none. */
  lastEventId(): Promise<number>;
}
