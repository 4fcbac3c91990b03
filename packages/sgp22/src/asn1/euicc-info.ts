import {
  type Infer,
  integer,
  namedBits,
  octetString,
  optional,
  sequence,
  sequenceOf,
  utf8String,
} from '@esim-rsp/codec';
import { SubjectKeyIdentifier, VersionType } from './common.ts';

/** Information about the eUICC and the device (SGP.22 5.7.8, 4.2, 4.3). */

const CiPKIdList = sequenceOf(SubjectKeyIdentifier, 64);

export const EUICCInfo1 = sequence({
  svn: VersionType.as('82'),
  euiccCiPKIdListForVerification: CiPKIdList.as('A9'),
  euiccCiPKIdListForSigning: CiPKIdList.as('AA'),
}).as('BF20');
export type EUICCInfo1 = Infer<typeof EUICCInfo1>;

/** Bits: 0 pprUpdateControl, 1 ppr1, 2 ppr2. */
export const PprIds = namedBits;
export const PPR1 = 1;
export const PPR2 = 2;

export const EUICCInfo2 = sequence({
  profileVersion: VersionType.as('81'),
  svn: VersionType.as('82'),
  euiccFirmwareVer: VersionType.as('83'),
  extCardResource: octetString().as('84'),
  uiccCapability: namedBits.as('85'),
  ts102241Version: optional(VersionType.as('86')),
  globalplatformVersion: optional(VersionType.as('87')),
  rspCapability: namedBits.as('88'),
  euiccCiPKIdListForVerification: CiPKIdList.as('A9'),
  euiccCiPKIdListForSigning: CiPKIdList.as('AA'),
  euiccCategory: optional(integer(0, 255).as('8B')),
  forbiddenProfilePolicyRules: optional(PprIds.as('99')),
  ppVersion: VersionType,
  sasAcreditationNumber: utf8String(64),
  certificationDataObject: optional(
    sequence({
      platformLabel: utf8String(512).as('80'),
      discoveryBaseURL: utf8String(512).as('81'),
    }).as('AC'),
  ),
  treProperties: optional(namedBits.as('8D')),
  treProductReference: optional(utf8String(512).as('8E')),
  additionalEuiccProfilePackageVersions: optional(sequenceOf(VersionType, 64).as('AF')),
}).as('BF22');
export type EUICCInfo2 = Infer<typeof EUICCInfo2>;

export const DeviceCapabilities = sequence({
  gsmSupportedRelease: optional(VersionType.as('80')),
  utranSupportedRelease: optional(VersionType.as('81')),
  cdma2000onexSupportedRelease: optional(VersionType.as('82')),
  cdma2000hrpdSupportedRelease: optional(VersionType.as('83')),
  cdma2000ehrpdSupportedRelease: optional(VersionType.as('84')),
  eutranEpcSupportedRelease: optional(VersionType.as('85')),
  contactlessSupportedRelease: optional(VersionType.as('86')),
  rspCrlSupportedVersion: optional(VersionType.as('87')),
  nrEpcSupportedRelease: optional(VersionType.as('88')),
  nr5gcSupportedRelease: optional(VersionType.as('89')),
  eutran5gcSupportedRelease: optional(VersionType.as('8A')),
  lpaSvn: optional(VersionType.as('8B')),
  catSupportedClasses: optional(namedBits.as('8C')),
  euiccFormFactorType: optional(integer(0, 255).as('8D')),
  deviceAdditionalFeatureSupport: optional(sequence({ naiSupport: optional(VersionType.as('80')) }).as('AE')),
});

export const DeviceInfo = sequence({
  tac: octetString(4).as('80'),
  deviceCapabilities: DeviceCapabilities.as('A1'),
  imei: optional(octetString(8).as('82')),
});
export type DeviceInfo = Infer<typeof DeviceInfo>;
