import type * as api from '../models.ts';
import { euiccProfileStates, reuseTypes } from '../models.ts';
import { namesOf } from './enum-names.ts';

/** The states by the generator's names for them, old (`AVAILABLE`) and new (`Available`). */
export const GetEUICCProfileResponseStateEnum = namesOf(euiccProfileStates);
export type GetEUICCProfileResponseStateEnum = api.EUICCProfileState;

/** The reuse types by the generator's names for them, old (`SAMEEIDMID`) and new (`SameEidMid`). */
export const ProfileReusePolicyReuseTypeEnum = namesOf(reuseTypes);
export type ProfileReusePolicyReuseTypeEnum = api.ReuseType;

/** Everything is optional, because servers differ in the names that they send. */
export interface ProfileReusePolicy {
  reuse_type?: ProfileReusePolicyReuseTypeEnum;
  max_count?: number;
  maxReuseCount?: number;
  /** Seconds. */
  cooldownPeriod?: number;
}

export interface GetEUICCProfileResponse extends Omit<api.GetEUICCProfileResponse, 'profile_reuse_policy'> {
  profile_reuse_policy?: ProfileReusePolicy;
}

/** What every error answer holds at least. */
export interface ModelError {
  message: string;
  statusCode: number;
}
