import type { ParameterInput } from '@esim-rsp/sgp22/profile/build';
import type { MasterKey } from '@esim-rsp/sgp22/profile/derived-secrets';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import type { ProfileLabels } from './profile.ts';

/** Where the numbers of a run of subscriptions begin. */
export type RangeStarts = {
  /** 18 or 19 digits: the check digit is added. */
  readonly iccidStart: string;
  /** 6 to 15 digits. */
  readonly imsiStart: string;
  /** With + for an international number. */
  readonly msisdnStart?: string;
};

export type Numbers = { readonly iccid: Iccid; readonly imsi: string; readonly msisdn?: string };

/** What subscriptions of a kind have in common. */
export type SubscriptionTerms = ProfileLabels & {
  readonly common: Omit<ParameterInput, keyof Numbers | 'ki' | 'opc'>;
};

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
  /** This many of its first numbers are all used. */
  readonly passed: number;
  /** What keys are derived from; absent: they are generated, and shown once in the answer to the order. */
  readonly masterKey?: MasterKey;
  /** Unix seconds. */
  readonly createdAt: number;
};
