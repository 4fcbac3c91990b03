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

/** Waits for events, for one reader that looks for them again and again. */
export type EventWatch = {
  /**
   * Resolves when events may have been saved since it resolved last, or when it is time to look in any case, which is once a second at
   * least; and when `ended` is aborted. It never rejects.
   */
  next(ended: AbortSignal): Promise<void>;
};

/** Events are written by `save`, in the same transaction as the change that they describe. */
export interface EventStore {
  /** Without `sort`, the oldest first. */
  events(filter: EventFilter): Promise<LogPage<StoredEvent>>;
  /** The id of the last event; 0: there is none. */
  lastEventId(): Promise<number>;
  /** `isShared`: readers in all processes would do the same work, and one of them is enough. */
  watchEvents(reader?: { readonly isShared: boolean }): EventWatch;
}
