import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import type { CallFingerprint } from './calls.ts';

/** What becomes of the events of a Profile that is deleted: they stay without what they say of a person or a device, or they go. */
export const historyChoices = ['keep', 'remove'] as const;

/**
 * Deletes a Profile with everything that belongs to it: content, order, bindings, sessions, and kept answers that show its codes. Its ICCID is
 * free again.
 */
export type Purge = {
  readonly iccid: Iccid;
  readonly account: string;
  /** The stored version must still be this one. */
  readonly version: number;
  /** The calls of ES2+ that changed it: each is refused from now on, so that a repeat does not change a new Profile. */
  readonly es2Calls: readonly CallFingerprint[];
  /** Unix milliseconds. */
  readonly at: number;
  readonly history: (typeof historyChoices)[number];
};
