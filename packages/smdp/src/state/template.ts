import type { MasterKey } from '@esim-rsp/sgp22/profile/derived-secrets';
import type { RangeStarts } from '../operator/number-ranges.ts';
import type { SubscriptionTerms } from '../operator/subscription.ts';

/** What the profiles of one type are made from when none is in stock. */
export type Template = {
  /** Hexadecimal digits: another template of the same type later is not this one. */
  readonly id: string;
  readonly account: string;
  readonly profileType: string;
  readonly terms: SubscriptionTerms;
  readonly starts: RangeStarts;
  /** How many numbers its ranges have. */
  readonly size: number;
  /** So many of its first numbers are all taken. */
  readonly passed: number;
  /** What keys are derived from; absent: they are drawn, and told to whoever orders. */
  readonly masterKey?: MasterKey;
  /** Unix seconds. */
  readonly createdAt: number;
};
