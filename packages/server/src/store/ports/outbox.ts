/** What tells somebody outside that something happened: a webhook, or ES2+.HandleDownloadProgressInfo. */
export const deliveryKinds = ['webhook', 'es2'] as const;
export type DeliveryKind = (typeof deliveryKinds)[number];

/** `skipped`: nobody wants it any more. */
export const deliveryStates = ['pending', 'delivered', 'failed', 'skipped'] as const;
export type DeliveryState = (typeof deliveryStates)[number];

/** Whom to tell: the id of a webhook endpoint, or the name of an operator. */
export type Target = { readonly kind: DeliveryKind; readonly target: string };

export type NewDelivery = Target & {
  readonly account: string;
  /** Absent: a test. */
  readonly eventId?: number;
  readonly type: string;
  /** Empty for a test. */
  readonly iccid: string;
  /** Unix milliseconds. */
  readonly createdAt: number;
};

/** One thing to tell to one target. */
export type Delivery = NewDelivery & {
  /** Grows in the order in which things are to be told. */
  readonly id: number;
  readonly state: DeliveryState;
  /** Those that were begun. */
  readonly attempts: number;
  /** Unix milliseconds. */
  readonly nextAttemptAt: number;
  readonly lastAttemptAt?: number;
  /** HTTP status of the last answer. */
  readonly lastStatus?: number;
  readonly lastError?: string;
};

/** What became of an attempt; `nextAttemptAt` counts while it is pending. */
export type Settlement = Pick<Delivery, 'state' | 'nextAttemptAt' | 'lastStatus' | 'lastError'>;

export type FanOut = {
  /** The last event that was fanned out before. */
  readonly after: number;
  readonly upTo: number;
  readonly deliveries: readonly NewDelivery[];
};

export type DeliveryFilter = Target & {
  /** Only of this state. */
  readonly state?: DeliveryState;
  /** Only those with a lower id. */
  readonly before?: number;
  readonly count: number;
};

export type Claim = Target & {
  /** Unix milliseconds. */
  readonly now: number;
  /** Nobody else gets the delivery until then. */
  readonly leaseUntil: number;
};

/** What is to be told to others, derived from the events: at least once, in order per target and ICCID. */
export interface OutboxStore {
  /** The number of the last event that was fanned out. */
  fannedOut(): Promise<number>;
  /** Adds the deliveries and moves on, both or neither. `stale`: somebody else did it. */
  fanOut(step: FanOut): Promise<'done' | 'stale'>;
  /** Adds a delivery beside the events: a test, or one once more. */
  addDelivery(delivery: NewDelivery): Promise<Delivery>;
  /** Whom of a kind there is something to tell, now or later. */
  pendingTargets(kind: DeliveryKind): Promise<readonly string[]>;
  /** Takes a delivery that is due and whose ICCID has no earlier one pending; undefined: there is none. */
  claimDelivery(claim: Claim): Promise<Delivery | undefined>;
  /** Gives back what processes that are gone had claimed. */
  releaseDeliveries(): Promise<void>;
  /** Writes down what became of a claimed delivery; one that is settled already stays as it is. */
  settleDelivery(id: number, settlement: Settlement): Promise<void>;
  /** Makes what waits for its next attempt due now: the target is back. */
  hurryDeliveries(target: Target, now: number): Promise<void>;
  /** Gives up what is pending for a target. */
  skipDeliveries(target: Target, reason: string): Promise<void>;
  /** The newest first. */
  deliveries(filter: DeliveryFilter): Promise<readonly Delivery[]>;
  delivery(id: number): Promise<Delivery | undefined>;
  /** Removes what was settled and is older than `before` (Unix milliseconds), `most` at once; resolves to how many. */
  removeOldDeliveries(before: number, most: number): Promise<number>;
}
