import { toHex } from '@esim-rsp/codec';
import { profileClasses } from '@esim-rsp/sgp22/asn1/bound-profile-package';
import {
  DeleteProfileRequest,
  DeleteProfileResponse,
  DisableProfileRequest,
  DisableProfileResponse,
  EnableProfileRequest,
  EnableProfileResponse,
  ProfileInfoListRequest,
  ProfileInfoListResponse,
} from '@esim-rsp/sgp22/asn1/es10';
import { type Iccid, iccidToSwappedBcd } from '@esim-rsp/sgp22/value/iccid';
import { callEs10, errorName, iccidIn } from './es10.ts';
import { LpaFailure } from './failure.ts';
import type { Es10Channel, StepName } from './ports.ts';

/** A profile on the card, for its user. */
export type ListedProfile = {
  readonly iccid: Iccid;
  /** AID of the ISD-P in hexadecimal. */
  readonly aid: string;
  readonly state: 'enabled' | 'disabled';
  readonly profileName: string;
  readonly serviceProviderName: string;
  readonly profileClass: string;
};

/** ES10c.GetProfilesInfo (SGP.22 5.7.15). */
export async function listProfiles(es10: Es10Channel): Promise<ListedProfile[]> {
  const call = {
    step: 'getProfilesInfo',
    request: ProfileInfoListRequest,
    response: ProfileInfoListResponse,
  } as const;
  const listed = await callEs10(es10, call, {});
  if (!('profileInfoListOk' in listed))
    throw new LpaFailure('getProfilesInfo', 'the eUICC does not list its profiles');
  return listed.profileInfoListOk.map((info) => ({
    iccid: iccidIn(call.step, info.iccid ?? new Uint8Array()),
    aid: toHex(info.isdpAid ?? new Uint8Array()),
    state: info.profileState === 1 ? 'enabled' : 'disabled',
    profileName: info.profileName ?? '',
    serviceProviderName: info.serviceProviderName ?? '',
    profileClass: errorName(profileClasses, info.profileClass ?? profileClasses.operational),
  }));
}

/** Asks for a refresh of the terminal after the change; a card without a modem ignores it. */
const refreshFlag = Uint8Array.of(0xff);

/** ES10c.EnableProfile (5.7.16): enables a profile; the one that was enabled is disabled. */
export async function enableProfile(es10: Es10Channel, iccid: Iccid): Promise<void> {
  const call = {
    step: 'enableProfile',
    request: EnableProfileRequest,
    response: EnableProfileResponse,
  } as const;
  const { result } = await callEs10(es10, call, { profileIdentifier: identifier(iccid), refreshFlag });
  mustBeOk(call.step, result, 'the profile is enabled already');
}

/** ES10c.DisableProfile (5.7.17). */
export async function disableProfile(es10: Es10Channel, iccid: Iccid): Promise<void> {
  const call = {
    step: 'disableProfile',
    request: DisableProfileRequest,
    response: DisableProfileResponse,
  } as const;
  const { result } = await callEs10(es10, call, { profileIdentifier: identifier(iccid), refreshFlag });
  mustBeOk(call.step, result, 'the profile is disabled already');
}

/** ES10c.DeleteProfile (5.7.18). */
export async function deleteProfile(es10: Es10Channel, iccid: Iccid): Promise<void> {
  const call = {
    step: 'deleteProfile',
    request: DeleteProfileRequest,
    response: DeleteProfileResponse,
  } as const;
  const { result } = await callEs10(es10, call, { profileIdentifier: identifier(iccid) });
  mustBeOk(call.step, result, 'the profile is enabled: disable it first');
}

function identifier(iccid: Iccid) {
  return { iccid: iccidToSwappedBcd(iccid) };
}

function mustBeOk(step: StepName, result: number, wrongState: string): void {
  if (result === 0) return;
  const words: Readonly<Record<number, string>> = {
    1: 'there is no such profile on the eUICC',
    2: wrongState,
    3: 'a policy rule of the profile forbids it',
  };
  throw new LpaFailure(step, words[result] ?? `the eUICC refused with error ${result}`);
}
