import type { StoredEvent } from '../store/ports/events.ts';
import type { Delivery, DeliveryKind } from '../store/ports/outbox.ts';

/** Somebody who wants to be told. */
export type Subscriber = {
  readonly target: string;
  readonly account: string;
  wants(event: StoredEvent): boolean;
};

/** What became of one attempt to tell. */
export type Outcome =
  | { readonly state: 'delivered'; readonly status: number }
  | {
      readonly state: 'refused';
      readonly status?: number;
      readonly error: string;
      /** Seconds that the target wants to be left alone. */
      readonly retryAfter?: number;
    }
  /** It is no use any more. */
  | { readonly state: 'skipped'; readonly error: string };

/** One way of telling. */
export type Channel = {
  readonly kind: DeliveryKind;
  subscribers(): Promise<readonly Subscriber[]>;
  /** Rejects when `signal` aborts. */
  send(delivery: Delivery, signal: AbortSignal): Promise<Outcome>;
  /** After each attempt. */
  noted?(delivery: Delivery, outcome: Outcome, now: number): Promise<void>;
};
