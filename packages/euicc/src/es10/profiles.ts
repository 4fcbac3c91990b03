import { decode, encode, equal, type Type } from '@esim-rsp/codec';
import { profileClasses, StoreMetadataRequest } from '@esim-rsp/sgp22/asn1/bound-profile-package';
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
  SetNicknameRequest,
  SetNicknameResponse,
} from '@esim-rsp/sgp22/asn1/es10';
import { PPR1, PPR2 } from '@esim-rsp/sgp22/asn1/euicc-info';
import { iccidToSwappedBcd } from '@esim-rsp/sgp22/value/iccid';
import { type Card, classOf, type InstalledProfile, withoutSession } from '../card/card.ts';
import { notify } from '../card/notify.ts';
import { answerWith, type Es10Function, type Outcome } from './command.ts';

/** Results of the local profile management (5.7.16 to 5.7.18). */
const results = { ok: 0, notFound: 1, wrongState: 2, disallowedByPolicy: 3, wrongReenabling: 4 } as const;

type Result = { readonly result: number };

/** The profile with this AID or ICCID. */
export function findProfile({ profiles }: Card, identifier: ProfileIdentifier): InstalledProfile | undefined {
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

function isTest(profile: InstalledProfile): boolean {
  return classOf(profile) === profileClasses.test;
}

function result(card: Card, type: Type<Result>, code: number): Outcome {
  return answerWith(card, encode(type, { result: code }));
}

/** ES10c.EnableProfile (5.7.16): enables a Profile; the one that was enabled is disabled first. */
export const enableProfile: Es10Function = (card, request) => {
  const { profileIdentifier } = decode(EnableProfileRequest, request);
  const profile = findProfile(card, profileIdentifier);
  if (profile === undefined) return result(card, EnableProfileResponse, results.notFound);
  if (profile.state === 'enabled') return result(card, EnableProfileResponse, results.wrongState);
  const current = card.profiles.find(({ state }) => state === 'enabled');
  if (current !== undefined && hasRule(current, PPR1))
    return result(card, EnableProfileResponse, results.disallowedByPolicy);
  const before = beforeTest(card);
  if (before !== undefined && before !== profile && !isTest(profile))
    return result(card, EnableProfileResponse, results.wrongReenabling);
  const { enabledBeforeTest: _, ...quiet } = current === undefined ? card : disable(card, current);
  const waiting = current !== undefined && isTest(current) ? before : current;
  const next = enable(quiet, profile);
  const remembers = isTest(profile) && waiting !== undefined;
  return result(
    remembers ? { ...next, enabledBeforeTest: waiting.iccid } : next,
    EnableProfileResponse,
    results.ok,
  );
};

function enable(card: Card, profile: InstalledProfile): Card {
  return notify(withState(card, profile, 'enabled'), profile, 'notificationEnable');
}

function disable(card: Card, profile: InstalledProfile): Card {
  return notify(withState(card, profile, 'disabled'), profile, 'notificationDisable');
}

/** The profile that is enabled again when the enabled test profile is disabled. */
function beforeTest({ profiles, enabledBeforeTest }: Card): InstalledProfile | undefined {
  if (!profiles.some((profile) => profile.state === 'enabled' && isTest(profile))) return undefined;
  return profiles.find(({ iccid }) => iccid === enabledBeforeTest);
}

/** ES10c.DisableProfile (5.7.17): disables a Profile; after a test profile, the one before it is enabled again. */
export const disableProfile: Es10Function = (card, request) => {
  const { profileIdentifier } = decode(DisableProfileRequest, request);
  const profile = findProfile(card, profileIdentifier);
  if (profile === undefined) return result(card, DisableProfileResponse, results.notFound);
  if (profile.state !== 'enabled') return result(card, DisableProfileResponse, results.wrongState);
  if (hasRule(profile, PPR1)) return result(card, DisableProfileResponse, results.disallowedByPolicy);
  const before = beforeTest(card);
  const { enabledBeforeTest: _, ...quiet } = disable(card, profile);
  return result(before === undefined ? quiet : enable(quiet, before), DisableProfileResponse, results.ok);
};

/** ES10c.DeleteProfile (5.7.18): deletes a Profile. The notification is created first, because it needs the metadata. */
export const deleteProfile: Es10Function = (card, request) => {
  const { profileIdentifier } = decode(DeleteProfileRequest, request);
  const profile = findProfile(card, profileIdentifier);
  if (profile === undefined) return result(card, DeleteProfileResponse, results.notFound);
  if (profile.state !== 'disabled') return result(card, DeleteProfileResponse, results.wrongState);
  if (hasRule(profile, PPR2)) return result(card, DeleteProfileResponse, results.disallowedByPolicy);
  return result(removeProfile(card, profile), DeleteProfileResponse, results.ok);
};

function removeProfile(card: Card, profile: InstalledProfile): Card {
  const notified = notify(card, profile, 'notificationDelete');
  return { ...notified, profiles: notified.profiles.filter(({ iccid }) => iccid !== profile.iccid) };
}

const NOTHING_TO_DELETE = 1;
/** Bits of resetOptions. */
const resetOptions = { operationalProfiles: 0, testProfiles: 1, defaultAddress: 2 } as const;

/** ES10c.eUICCMemoryReset (5.7.19): deletes Profiles, enabled ones too, whatever their policy rules. */
export const euiccMemoryReset: Es10Function = (card, request) => {
  const { resetOptions: chosen } = decode(EuiccMemoryResetRequest, request);
  const deleted = card.profiles.filter((profile) =>
    chosen.has(isTest(profile) ? resetOptions.testProfiles : resetOptions.operationalProfiles),
  );
  const resetsAddress = chosen.has(resetOptions.defaultAddress) && card.defaultDpAddress !== '';
  if (deleted.length === 0 && !resetsAddress)
    return result(card, EuiccMemoryResetResponse, NOTHING_TO_DELETE);
  const emptied = deleted.reduce(removeProfile, withoutSession(card));
  const next = resetsAddress ? { ...emptied, defaultDpAddress: '' } : emptied;
  return result(next, EuiccMemoryResetResponse, results.ok);
};

/** ES10c.SetNickname (5.7.21): sets a nickname; an empty one removes it. */
export const setNickname: Es10Function = (card, request) => {
  const { iccid, profileNickname } = decode(SetNicknameRequest, request);
  const profile = findProfile(card, { iccid });
  if (profile === undefined) return result(card, SetNicknameResponse, results.notFound);
  const { nickname: _, ...bare } = profile;
  const renamed = profileNickname === '' ? bare : { ...bare, nickname: profileNickname };
  const profiles = card.profiles.map((other) => (other === profile ? renamed : other));
  return result({ ...card, profiles }, SetNicknameResponse, results.ok);
};
