import type { GetEUICCProfileResponse, ProfileLabels } from './models.ts';
import type { GeneratedSubscription, RangeStarts, SubscriptionTerms } from './models-generate.ts';

/** What the profiles of a type are to be made from, when one is ordered and none is in stock. */
export interface CreateProfileTemplateRequest extends RangeStarts, SubscriptionTerms, ProfileLabels {
  profile_type: string;
  /** How many numbers the ranges have. */
  size: number;
  /**
   * 32 hexadecimal digits, never told again: Ki, OPc and the codes are derived from it and the IMSI. Without it they are
   * drawn, and told to whoever orders.
   */
  master_key?: string;
}

type Shown = Pick<
  GetEUICCProfileResponse,
  | 'service_provider_name'
  | 'profile_name'
  | 'profile_class'
  | 'icon_type'
  | 'profile_policy_rules'
  | 'profile_owner'
  | 'notification_events'
>;

export interface ProfileTemplate extends RangeStarts, Shown {
  profile_type: string;
  size: number;
  /** At most so many: fewer where profiles with numbers of the ranges were stocked by others. */
  free_numbers: number;
  keys: 'generated' | 'derived';
  algorithm: 'milenage' | 'tuak' | 'test';
  created_at: string;
}

export interface ListProfileTemplatesResponse {
  total: number;
  profile_templates: ProfileTemplate[];
}

export interface GenerateFromProfileTemplateRequest {
  /** 1 to 250: all of them are made, or none. */
  count: number;
}

export interface GenerateFromProfileTemplateResponse {
  iccids: string[];
  /** Where the keys are drawn: they are told once. */
  subscriptions?: GeneratedSubscription[];
}

/** `subscription`: the profile was made for this order from a template that draws keys; they are told once. */
export interface OrderEUICCProfileOfTypeResponse extends GetEUICCProfileResponse {
  subscription?: GeneratedSubscription;
}
