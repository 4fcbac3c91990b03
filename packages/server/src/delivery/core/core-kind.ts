import type { LookupFunction } from 'node:net';
import type { CoreNetwork } from '../../store/ports/gateway/core-networks.ts';
import type { Subscription } from './subscription.ts';

/** How core networks are reached. */
export type CoreAccess = {
  /** Whether they may be in private networks, and be called without TLS. */
  readonly allowPrivate: boolean;
  readonly lookUp: LookupFunction;
  /** The folder of the files that are written; absent: none are. */
  readonly files?: string | undefined;
};

/** One attempt: it must end in this time. */
export type CoreCall = CoreAccess & {
  readonly core: CoreNetwork;
  /** Ends the attempt: when the server stops, or after CORE_TIMEOUT_MS. */
  readonly signal: AbortSignal;
  /** The same for all attempts of one delivery. */
  readonly messageId: string;
};

/** One attempt takes this long at most; less than the lease of its delivery. */
export const CORE_TIMEOUT_MS = 10_000;

/** How one kind of core network takes a subscription. Both can be repeated: the second time changes nothing. They reject with a CoreError. */
export type CoreKindClient = {
  /** Creates the subscriber, or makes it as the subscription says. */
  put(call: CoreCall, subscription: Subscription): Promise<void>;
  /** Removes the subscriber, if there is one. */
  remove(call: CoreCall, imsi: string): Promise<void>;
  /** Why this kind cannot take a subscription; undefined: it can. */
  cannotTake?(subscription: Subscription, core: CoreNetwork): string | undefined;
};
