import type { StoredEvent } from '../store/ports/events.ts';
import type { Delivery, DeliveryKind, Facts } from '../store/ports/outbox.ts';
import type { TraceHeaders } from '../traces/traces.ts';
import type { SlotLimits } from './slots.ts';

/** One target (a webhook endpoint, an operator or a core network) and the events of its account that it receives. */
export type Subscriber = {
  readonly target: string;
  readonly account: string;
  matches(event: StoredEvent): boolean | Promise<boolean>;
  /** What its delivery of an event is called; absent: as the event. */
  typeOf?(event: StoredEvent): string;
  /** What its deliveries say besides the event. */
  readonly facts?: Facts;
};

/**
 * Whether an event came after a subscription began. Its number says so even if a clock was set back since; only of subscriptions that an earlier
 * release stored the time alone is known.
 */
export function isSince(
  event: StoredEvent,
  begin: { readonly after: number | undefined; readonly from: number },
): boolean {
  return begin.after === undefined ? event.at >= begin.from : event.id > begin.after;
}

/** The result of one attempt to send a delivery. */
export type Outcome =
  /** `status`: absent of what is not HTTP, or SMTP. */
  | { readonly state: 'delivered'; readonly status?: number }
  /** The attempt failed and is repeated later. */
  | {
      readonly state: 'refused';
      /** HTTP status; absent: there was no response. */
      readonly status?: number;
      readonly error: string;
      /** Seconds, from the Retry-After header. */
      readonly retryAfter?: number;
    }
  /** The attempt failed, and another one would fail as well. */
  | { readonly state: 'rejected'; readonly status: number; readonly error: string }
  /** Nothing was sent, and nothing will be: for example, the target was deleted. */
  | { readonly state: 'skipped'; readonly error: string };

/** One attempt to send. */
export type Attempt = {
  readonly signal: AbortSignal;
  /** Headers of the message that say which trace it belongs to. */
  readonly trace: TraceHeaders;
};

/** One way to send messages: webhooks, ES2+ to operators, mail, or subscriptions to core networks. */
export type Channel = {
  readonly kind: DeliveryKind;
  /** How many attempts are made at the same time; absent: the usual numbers. */
  readonly slots?: SlotLimits;
  /** Whether a target names a person: log lines do not have it. */
  readonly isPersonal?: true;
  subscribers(): Promise<readonly Subscriber[]>;
  /** Sends one delivery once. Rejects if `signal` aborts. `event`: absent if it is a test, or not stored any more. */
  send(delivery: Delivery, event: StoredEvent | undefined, attempt: Attempt): Promise<Outcome>;
  /** Called after the outcome is stored. `now`: Unix milliseconds. */
  afterAttempt?(delivery: Delivery, outcome: Outcome, now: number): Promise<void>;
};
