import { decode, encode, equal, type Type } from '@esim-rsp/codec';
import { StoreMetadataRequest } from '@esim-rsp/sgp22/asn1/bound-profile-package';
import {
  DeleteProfileRequest,
  DeleteProfileResponse,
  DisableProfileRequest,
  DisableProfileResponse,
  EnableProfileRequest,
  EnableProfileResponse,
  EuiccMemoryResetRequest,
  EuiccMemoryResetResponse,
  type ProfileIdentifier,
  type ProfileInfo,
  ProfileInfoListRequest,
  ProfileInfoListResponse,
  SetNicknameRequest,
  SetNicknameResponse,
} from '@esim-rsp/sgp22/asn1/es10';
import { PPR1, PPR2 } from '@esim-rsp/sgp22/asn1/euicc-info';
import { iccidToSwappedBcd } from '@esim-rsp/sgp22/value/iccid';
import { type Card, type InstalledProfile, withoutSession } from '../card/card.ts';
import { notify } from '../card/notify.ts';
import { answered, type Es10Function, type Outcome } from './command.ts';

/** Results of the local profile management (5.7.16 to 5.7.18). */
const results = { ok: 0, notFound: 1, wrongState: 2, disallowedByPolicy: 3 } as const;

type Result = { readonly result: number };

function found({ profiles }: Card, identifier: ProfileIdentifier): InstalledProfile | undefined {
  return profiles.find(({ aid, iccid }) =>
    'isdpAid' in identifier
      ? equal(aid, identifier.isdpAid)
      : equal(iccidToSwappedBcd(iccid), identifier.iccid),
  );
}

function hasRule({ metadata }: InstalledProfile, rule: number): boolean {
  return decode(StoreMetadataRequest, metadata).profilePolicyRules?.has(rule) === true;
}

function withState(card: Card, profile: InstalledProfile, state: InstalledProfile['state']): Card {
  const profiles = card.profiles.map((other) => (other === profile ? { ...other, state } : other));
  return { ...withoutSession(card), profiles };
}

function result(card: Card, type: Type<Result>, code: number): Outcome {
  return answered(card, encode(type, { result: code }));
}

/** ES10c.EnableProfile (5.7.16): the one that was enabled is disabled first. */
export const enableProfile: Es10Function = (card, request) => {
  const { profileIdentifier } = decode(EnableProfileRequest, request);
  const profile = found(card, profileIdentifier);
  if (profile === undefined) return result(card, EnableProfileResponse, results.notFound);
  if (profile.state === 'enabled') return result(card, EnableProfileResponse, results.wrongState);
  const current = card.profiles.find(({ state }) => state === 'enabled');
  if (current !== undefined && hasRule(current, PPR1))
    return result(card, EnableProfileResponse, results.disallowedByPolicy);
  const quiet =
    current === undefined
      ? card
      : notify(withState(card, current, 'disabled'), current, 'notificationDisable');
  return result(
    notify(withState(quiet, profile, 'enabled'), profile, 'notificationEnable'),
    EnableProfileResponse,
    results.ok,
  );
};

/** ES10c.DisableProfile (5.7.17). */
export const disableProfile: Es10Function = (card, request) => {
  const { profileIdentifier } = decode(DisableProfileRequest, request);
  const profile = found(card, profileIdentifier);
  if (profile === undefined) return result(card, DisableProfileResponse, results.notFound);
  if (profile.state !== 'enabled') return result(card, DisableProfileResponse, results.wrongState);
  if (hasRule(profile, PPR1)) return result(card, DisableProfileResponse, results.disallowedByPolicy);
  const disabled = withState(card, profile, 'disabled');
  return result(notify(disabled, profile, 'notificationDisable'), DisableProfileResponse, results.ok);
};

/** ES10c.DeleteProfile (5.7.18): the notification is made before the data vanish. */
export const deleteProfile: Es10Function = (card, request) => {
  const { profileIdentifier } = decode(DeleteProfileRequest, request);
  const profile = found(card, profileIdentifier);
  if (profile === undefined) return result(card, DeleteProfileResponse, results.notFound);
  if (profile.state !== 'disabled') return result(card, DeleteProfileResponse, results.wrongState);
  if (hasRule(profile, PPR2)) return result(card, DeleteProfileResponse, results.disallowedByPolicy);
  return result(without(card, profile), DeleteProfileResponse, results.ok);
};

function without(card: Card, profile: InstalledProfile): Card {
  const notified = notify(card, profile, 'notificationDelete');
  return { ...notified, profiles: notified.profiles.filter(({ iccid }) => iccid !== profile.iccid) };
}

const NOTHING_TO_DELETE = 1;
/** Bits of resetOptions. */
const RESET_OPERATIONAL_PROFILES = 0;
const RESET_DEFAULT_ADDRESS = 2;

/** ES10c.eUICCMemoryReset (5.7.19): enabled profiles go too, whatever their policy rules. */
export const euiccMemoryReset: Es10Function = (card, request) => {
  const { resetOptions } = decode(EuiccMemoryResetRequest, request);
  const doomed = resetOptions.has(RESET_OPERATIONAL_PROFILES) ? card.profiles : [];
  const resetsAddress = resetOptions.has(RESET_DEFAULT_ADDRESS) && card.defaultDpAddress !== '';
  if (doomed.length === 0 && !resetsAddress) return result(card, EuiccMemoryResetResponse, NOTHING_TO_DELETE);
  const emptied = doomed.reduce(without, withoutSession(card));
  const next = resetsAddress ? { ...emptied, defaultDpAddress: '' } : emptied;
  return result(next, EuiccMemoryResetResponse, results.ok);
};

/** ES10c.SetNickname (5.7.21): an empty one removes it. */
export const setNickname: Es10Function = (card, request) => {
  const { iccid, profileNickname } = decode(SetNicknameRequest, request);
  const profile = found(card, { iccid });
  if (profile === undefined) return result(card, SetNicknameResponse, results.notFound);
  const { nickname: _, ...bare } = profile;
  const renamed = profileNickname === '' ? bare : { ...bare, nickname: profileNickname };
  const profiles = card.profiles.map((other) => (other === profile ? renamed : other));
  return result({ ...card, profiles }, SetNicknameResponse, results.ok);
};

/** What GetProfilesInfo tells without a tag list (5.7.15). */
const USUAL_TAGS = [0x5a, 0x4f, 0x9f70, 0x90, 0x91, 0x92, 0x93, 0x94, 0x95];

/** ES10c.GetProfilesInfo (5.7.15). */
export const getProfilesInfo: Es10Function = (card, request) => {
  const { searchCriteria, tagList } = decode(ProfileInfoListRequest, request);
  const listed = card.profiles.filter((profile) => {
    if (searchCriteria === undefined) return true;
    if ('profileClass' in searchCriteria)
      return decode(StoreMetadataRequest, profile.metadata).profileClass === searchCriteria.profileClass;
    return found(card, searchCriteria) === profile;
  });
  const tags = new Set(tagList === undefined ? USUAL_TAGS : tagsIn(tagList));
  const profileInfoListOk = listed.map((profile) => profileInfo(profile, tags));
  return answered(card, encode(ProfileInfoListResponse, { profileInfoListOk }));
};

function tagsIn(tagList: Uint8Array): number[] {
  const tags: number[] = [];
  for (let i = 0; i < tagList.length; i++) {
    const first = tagList[i] as number;
    if ((first & 0x1f) !== 0x1f) tags.push(first);
    else tags.push(first * 256 + (tagList[++i] ?? 0));
  }
  return tags;
}

function profileInfo(
  { iccid, aid, state, nickname, metadata }: InstalledProfile,
  tags: ReadonlySet<number>,
): ProfileInfo {
  const said = decode(StoreMetadataRequest, metadata);
  return {
    ...(tags.has(0x5a) && { iccid: iccidToSwappedBcd(iccid) }),
    ...(tags.has(0x4f) && { isdpAid: aid }),
    ...(tags.has(0x9f70) && { profileState: state === 'enabled' ? 1 : 0 }),
    ...(tags.has(0x90) && nickname !== undefined && { profileNickname: nickname }),
    ...(tags.has(0x91) && { serviceProviderName: said.serviceProviderName }),
    ...(tags.has(0x92) && { profileName: said.profileName }),
    ...(tags.has(0x93) && said.iconType !== undefined && { iconType: said.iconType }),
    ...(tags.has(0x94) && said.icon !== undefined && { icon: said.icon }),
    ...(tags.has(0x95) && { profileClass: said.profileClass }),
    ...(tags.has(0xb6) &&
      said.notificationConfigurationInfo !== undefined && {
        notificationConfigurationInfo: said.notificationConfigurationInfo,
      }),
    ...(tags.has(0xb7) && said.profileOwner !== undefined && { profileOwner: said.profileOwner }),
    ...(tags.has(0x99) &&
      said.profilePolicyRules !== undefined && { profilePolicyRules: said.profilePolicyRules }),
  };
}
