import {
  choice,
  type Infer,
  integer,
  namedBits,
  octetString,
  optional,
  raw,
  rawContent,
  sequence,
  sequenceOf,
  utf8String,
} from '@esim-rsp/codec';
import { NotificationConfigurationInformation, OperatorId } from './bound-profile-package.ts';
import { Aid, Iccid, ServerAddress } from './common.ts';
import { PprIds } from './euicc-info.ts';
import { NotificationMetadata, PendingNotification } from './notification.ts';

/** Commands of ES10a, ES10b and ES10c that are not in the other files (SGP.22 5.7). */

const empty = sequence({});
const result = (tag: string) => sequence({ result: integer(0, 255).as('80') }).as(tag);

export const GetEuiccInfo1Request = empty.as('BF20');
export const GetEuiccInfo2Request = empty.as('BF22');
export const GetEuiccChallengeRequest = empty.as('BF2E');
export const GetEuiccChallengeResponse = sequence({ euiccChallenge: octetString(16).as('80') }).as('BF2E');

export const EuiccConfiguredAddressesRequest = empty.as('BF3C');
export const EuiccConfiguredAddressesResponse = sequence({
  defaultDpAddress: optional(ServerAddress.as('80')),
  rootDsAddress: ServerAddress.as('81'),
}).as('BF3C');
export const SetDefaultDpAddressRequest = sequence({ defaultDpAddress: ServerAddress.as('80') }).as('BF3F');
export const SetDefaultDpAddressResponse = result('BF3F');

export const ProfileInfo = sequence({
  iccid: optional(Iccid),
  isdpAid: optional(Aid),
  profileState: optional(integer(0, 1).as('9F70')),
  profileNickname: optional(utf8String(64).as('90')),
  serviceProviderName: optional(utf8String(32).as('91')),
  profileName: optional(utf8String(64).as('92')),
  iconType: optional(integer(0, 1).as('93')),
  icon: optional(octetString(0, 1024).as('94')),
  profileClass: optional(integer(0, 2).as('95')),
  notificationConfigurationInfo: optional(sequenceOf(NotificationConfigurationInformation, 32).as('B6')),
  profileOwner: optional(OperatorId.as('B7')),
  dpProprietaryData: optional(rawContent(0xb8)),
  profilePolicyRules: optional(PprIds.as('99')),
  serviceSpecificDataStoredInEuicc: optional(raw(0xbf22)),
  refArDo: optional(raw(0xbf76)),
}).as('E3');
export type ProfileInfo = Infer<typeof ProfileInfo>;

export const ProfileInfoListRequest = sequence({
  searchCriteria: optional(
    choice({ isdpAid: Aid, iccid: Iccid, profileClass: integer(0, 2).as('95') }).as('A0'),
  ),
  tagList: optional(octetString(0, 64).as('5C')),
}).as('BF2D');
export const ProfileInfoListResponse = choice({
  profileInfoListOk: sequenceOf(ProfileInfo).as('A0'),
  profileInfoListError: integer(0, 255).as('81'),
}).as('BF2D');

const ProfileIdentifier = choice({ isdpAid: Aid, iccid: Iccid });
export type ProfileIdentifier = Infer<typeof ProfileIdentifier>;
const switchRequest = (tag: string) =>
  sequence({ profileIdentifier: ProfileIdentifier.as('A0'), refreshFlag: octetString(1).as('81') }).as(tag);
export const EnableProfileRequest = switchRequest('BF31');
export const EnableProfileResponse = result('BF31');
export const DisableProfileRequest = switchRequest('BF32');
export const DisableProfileResponse = result('BF32');
export const DeleteProfileRequest = sequence({ profileIdentifier: ProfileIdentifier }).as('BF33');
export const DeleteProfileResponse = result('BF33');
export const EuiccMemoryResetRequest = sequence({ resetOptions: namedBits.as('82') }).as('BF34');
export const EuiccMemoryResetResponse = result('BF34');
export const GetEuiccDataRequest = sequence({ tagList: octetString(1).as('5C') }).as('BF3E');
export const GetEuiccDataResponse = sequence({ eidValue: octetString(16).as('5A') }).as('BF3E');
export const SetNicknameRequest = sequence({ iccid: Iccid, profileNickname: utf8String(64).as('90') }).as(
  'BF29',
);
export const SetNicknameResponse = result('BF29');

export const ProfilePolicyAuthorisationRule = sequence({
  pprIds: PprIds.as('80'),
  allowedOperators: sequenceOf(OperatorId, 64).as('A1'),
  pprFlags: namedBits.as('82'),
});
export type ProfilePolicyAuthorisationRule = Infer<typeof ProfilePolicyAuthorisationRule>;
export const GetRatRequest = empty.as('BF43');
export const GetRatResponse = sequence({ rat: sequenceOf(ProfilePolicyAuthorisationRule, 64).as('A0') }).as(
  'BF43',
);

export const ListNotificationRequest = sequence({
  profileManagementOperation: optional(namedBits.as('81')),
}).as('BF28');
export const ListNotificationResponse = choice({
  notificationMetadataList: sequenceOf(NotificationMetadata).as('A0'),
  listNotificationsResultError: integer(0, 255).as('81'),
}).as('BF28');
export const RetrieveNotificationsListRequest = sequence({
  searchCriteria: optional(
    choice({ seqNumber: integer().as('80'), profileManagementOperation: namedBits.as('81') }).as('A0'),
  ),
}).as('BF2B');
export const RetrieveNotificationsListResponse = choice({
  notificationList: sequenceOf(PendingNotification).as('A0'),
  notificationsListResultError: integer(0, 255).as('81'),
}).as('BF2B');
export const NotificationSentRequest = sequence({ seqNumber: integer().as('80') }).as('BF30');
export const NotificationSentResponse = result('BF30');
