import type { ProfileLabels } from './models.ts';

/** Where numbers run on from. */
export interface RangeStarts {
  /** The first ICCID without its check digit, which is added: 18 or 19 digits. */
  iccid_start: string;
  imsi_start: string;
  msisdn_start?: string;
}

/** What subscriptions of a kind have in common. */
export interface SubscriptionTerms {
  /** `milenage` unless given. */
  algorithm?: 'milenage' | 'tuak' | 'test';
  mnc_length?: 2 | 3;
  /** The number of the short-message centre. */
  smsc?: string;
}

/** Subscriptions to make. */
export interface GenerateEUICCProfilesRequest extends RangeStarts, SubscriptionTerms, ProfileLabels {
  /** 1 to 250: all of them are made, or none. */
  count: number;
}

/** What the HLR has to know of a subscription, and the codes of its card. All but the numbers are secrets. */
export interface GeneratedSubscription {
  iccid: string;
  imsi: string;
  msisdn?: string;
  algorithm: 'milenage' | 'tuak' | 'test';
  /** Hexadecimal digits, as are `opc` and `adm1`. */
  ki: string;
  opc: string;
  pin1: string;
  pin2: string;
  puk1: string;
  puk2: string;
  adm1: string;
}

export interface GenerateEUICCProfilesResponse {
  subscriptions: GeneratedSubscription[];
}
