import type { NotFromCaller } from '@esim-rsp/smdp/from-caller';
import type { BegunRequest } from './idempotency.ts';
import type { LogPage, LogRange } from './log-page.ts';

/** What leaves the server: webhooks, ES2+.HandleDownloadProgressInfo, mail, subscriptions for core networks, and anchors to the webhook of the server. */
export const deliveryKinds = ['webhook', 'es2', 'mail', 'core', 'anchor'] as const;
export type DeliveryKind = (typeof deliveryKinds)[number];

/** `skipped`: ended, because the target is gone or disabled. */
export const deliveryStates = ['pending', 'delivered', 'failed', 'skipped'] as const;
export type DeliveryState = (typeof deliveryStates)[number];

/** The receiver: the id of a webhook endpoint, the name of an operator, a mail address, account/name of a core network, or `anchors`. */
export type Target = { readonly kind: DeliveryKind; readonly target: string };

/** A target that has pending deliveries, and the account that they belong to. */
export type PendingTarget = { readonly target: string; readonly account: string };

/** What a message says, by name. They are shown with the delivery: no secret may be among them. */
export type Facts = Readonly<Record<string, string>>;

export type NewDelivery = NotFromCaller &
  Target & {
    readonly account: string;
    /** Absent: no event caused it, as for a test. */
    readonly eventId?: number;
    /** The type of the event, the kind of the mail, or what is done with a subscription. */
    readonly type: string;
    /** Empty: it is about no profile, as a test is. */
    readonly iccid: string;
    /** Absent: the event says it all. */
    readonly facts?: Facts;
    /** Unix milliseconds. */
    readonly createdAt: number;
  };

/** One notification for one target. */
export type Delivery = NewDelivery & {
  /** Grows in the order in which deliveries are to be sent. */
  readonly id: number;
  readonly state: DeliveryState;
  /** Attempts that began. */
  readonly attempts: number;
  /** Unix milliseconds. */
  readonly nextAttemptAt: number;
  readonly lastAttemptAt?: number;
  /** HTTP status of the last answer. */
  readonly lastStatus?: number;
  readonly lastError?: string;
};

/** The same message as a new delivery. `createdAt`: Unix milliseconds. */
export function repeatOf(
  { kind, target, account, eventId, type, iccid, facts }: Delivery,
  createdAt: number,
): NewDelivery {
  return {
    ...{ kind, target, account, type, iccid, createdAt },
    ...(eventId !== undefined && { eventId }),
    ...(facts !== undefined && { facts }),
  };
}

/** The result of an attempt; `nextAttemptAt` matters while it is pending. */
export type Settlement = Pick<Delivery, 'state' | 'nextAttemptAt' | 'lastStatus' | 'lastError'>;

export type FanOut = {
  /** The id of the last event that was fanned out before. */
  readonly after: number;
  readonly upTo: number;
  readonly deliveries: readonly NewDelivery[];
};

/** Whose deliveries: those of a target, or the mail of an account. */
export type DeliveryLog =
  | (Target & {
      /** Only of this account: an operator can be deleted, and created for another account. */
      readonly account?: string;
    })
  | { readonly kind: 'mail'; readonly account: string; readonly target?: undefined };

export type DeliveryFilter = NotFromCaller &
  LogRange &
  DeliveryLog & {
    /** Only of this state. */
    readonly state?: DeliveryState;
    /** Absent: of every type. */
    readonly types?: readonly string[];
  };

export type Claim = Target & {
  /** The node that sends the delivery. */
  readonly node: string;
  /** Unix milliseconds. */
  readonly now: number;
  /** No other worker can claim the delivery until then. */
  readonly leaseUntil: number;
};

/** Deliveries made from the events: each is sent at least once, in order per target and ICCID. */
export interface OutboxStore {
  /** The id of the last event that was fanned out. */
  fanOutPosition(): Promise<number>;
  /** Adds the deliveries and moves the position, both or neither. `stale`: somebody else moved it first. */
  fanOut(step: FanOut): Promise<'done' | 'stale'>;
  /** Adds a delivery that no fan-out makes: a test, or a repetition. `request`: whose work this is. */
  addDelivery(delivery: NewDelivery, request?: BegunRequest): Promise<Delivery>;
  /** The targets of a kind that have pending deliveries, due or not. */
  pendingTargets(kind: DeliveryKind): Promise<readonly PendingTarget[]>;
  /** Claims a delivery that is due and whose ICCID has no earlier one pending; undefined: there is none. */
  claimDelivery(claim: Claim): Promise<Delivery | undefined>;
  /** Ends the claims of a node, which has just started: the process that had them is gone. Claims of other nodes end with their leases. */
  releaseClaims(node: string): Promise<void>;
  /** Records the result of an attempt. Nothing changes if the delivery is not pending, or if another node has claimed it since. */
  settleDelivery(attempt: Pick<Delivery, 'id' | 'attempts'>, settlement: Settlement): Promise<void>;
  /** Makes pending deliveries of a target due now: it answers again. */
  retryDeliveriesNow(target: Target, now: number): Promise<void>;
  /** Gives up the pending deliveries of a target. */
  skipDeliveries(target: Target, reason: string): Promise<void>;
  /** The deliveries of a target; their times are those at which they were created. Without `sort`, the newest first. */
  deliveries(filter: DeliveryFilter): Promise<LogPage<Delivery>>;
  delivery(id: number): Promise<Delivery | undefined>;
  /** Deletes at most `most` deliveries that are not pending and are older than `before` (Unix milliseconds); resolves to their number. */
  deleteOldDeliveries(before: number, most: number): Promise<number>;
}
