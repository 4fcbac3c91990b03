import { DerError, decode, encode, type Infer } from '@esim-rsp/codec';
import { StoreMetadataRequest } from '@esim-rsp/sgp22/asn1/bound-profile-package';
import { type ProfileInfo, ProfileInfoListRequest, ProfileInfoListResponse } from '@esim-rsp/sgp22/asn1/es10';
import { iccidToSwappedBcd } from '@esim-rsp/sgp22/value/iccid';
import { classOf, type InstalledProfile } from '../card/card.ts';
import { answerWith, type Es10Function } from './command.ts';
import { findProfile } from './profiles.ts';

/** What GetProfilesInfo returns without a tag list (5.7.15). */
const USUAL_TAGS = [0x5a, 0x4f, 0x9f70, 0x90, 0x91, 0x92, 0x93, 0x94, 0x95];

const INCORRECT_INPUT_VALUES = 1;

/** ES10c.GetProfilesInfo (5.7.15): all profiles, or those of one AID, ICCID or class. */
export const getProfilesInfo: Es10Function = (card, request) => {
  const wanted = readRequest(request);
  if (wanted === undefined)
    return answerWith(
      card,
      encode(ProfileInfoListResponse, { profileInfoListError: INCORRECT_INPUT_VALUES }),
    );
  const { searchCriteria, tagList } = wanted;
  const listed = card.profiles.filter((profile) => {
    if (searchCriteria === undefined) return true;
    if ('profileClass' in searchCriteria) return classOf(profile) === searchCriteria.profileClass;
    return findProfile(card, searchCriteria) === profile;
  });
  const tags = new Set(tagList === undefined ? USUAL_TAGS : tagsIn(tagList));
  const profileInfoListOk = listed.map((profile) => profileInfo(profile, tags));
  return answerWith(card, encode(ProfileInfoListResponse, { profileInfoListOk }));
};

/** Reads the request; `undefined` if its search criteria are unknown. */
function readRequest(request: Uint8Array): Infer<typeof ProfileInfoListRequest> | undefined {
  try {
    return decode(ProfileInfoListRequest, request);
  } catch (error) {
    if (error instanceof DerError) return undefined;
    throw error;
  }
}

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
  const stored = decode(StoreMetadataRequest, metadata);
  return {
    ...(tags.has(0x5a) && { iccid: iccidToSwappedBcd(iccid) }),
    ...(tags.has(0x4f) && { isdpAid: aid }),
    ...(tags.has(0x9f70) && { profileState: state === 'enabled' ? 1 : 0 }),
    ...(tags.has(0x90) && nickname !== undefined && { profileNickname: nickname }),
    ...(tags.has(0x91) && { serviceProviderName: stored.serviceProviderName }),
    ...(tags.has(0x92) && { profileName: stored.profileName }),
    ...(tags.has(0x93) && stored.iconType !== undefined && { iconType: stored.iconType }),
    ...(tags.has(0x94) && stored.icon !== undefined && { icon: stored.icon }),
    ...(tags.has(0x95) && { profileClass: stored.profileClass }),
    ...(tags.has(0xb6) &&
      stored.notificationConfigurationInfo !== undefined && {
        notificationConfigurationInfo: stored.notificationConfigurationInfo,
      }),
    ...(tags.has(0xb7) && stored.profileOwner !== undefined && { profileOwner: stored.profileOwner }),
    ...(tags.has(0x99) &&
      stored.profilePolicyRules !== undefined && { profilePolicyRules: stored.profilePolicyRules }),
    ...(tags.has(0xbf22) &&
      stored.serviceSpecificDataStoredInEuicc !== undefined && {
        serviceSpecificDataStoredInEuicc: stored.serviceSpecificDataStoredInEuicc,
      }),
    ...(tags.has(0xbf76) && stored.refArDo !== undefined && { refArDo: stored.refArDo }),
  };
}
