import type { CallFault } from './operation.ts';

/** What an upstream answered, as far as it was understood. */
export type CallAnswer = {
  readonly iccid?: string;
  readonly eid?: string;
  /** As it came, whatever its alphabet. */
  readonly matchingId?: string;
  readonly smdpAddress?: string;
};

/** The result of a call of ES2+. */
export type CallOutcome =
  /** `warning`: it was done with a warning. */
  | { readonly kind: 'executed'; readonly answer: CallAnswer; readonly warning?: CallFault }
  /** The upstream says that it did nothing, and would not. */
  | { readonly kind: 'refused'; readonly fault: CallFault }
  /** Nothing was done, and the call can be made again. `retryAfter`: seconds, if the upstream asks for them. */
  | { readonly kind: 'notSent'; readonly fault: CallFault; readonly retryAfter?: number }
  /** The call may have been done. */
  | { readonly kind: 'unknown'; readonly fault: CallFault };
