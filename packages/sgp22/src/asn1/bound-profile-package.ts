import {
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
  withBytes,
  withDefault,
} from '@esim-rsp/codec';
import { Iccid, PublicKey, ServerAddress, Signature, TransactionId } from './common.ts';
import { PprIds } from './euicc-info.ts';

/** The Bound Profile Package and the ES8+ functions inside it (SGP.22 2.5.4, 5.5). */

export const ControlRefTemplate = sequence({
  keyType: octetString(1).as('80'),
  keyLen: octetString(1).as('81'),
  hostId: octetString(1, 16).as('84'),
});

export const INSTALL_BOUND_PROFILE_PACKAGE = 1;

export const InitialiseSecureChannelRequest = sequence({
  remoteOpId: integer(0, 255).as('82'),
  transactionId: TransactionId.as('80'),
  controlRefTemplate: withBytes(ControlRefTemplate.as('A6')),
  smdpOtpk: PublicKey,
  smdpSign: Signature,
}).as('BF23');
export type InitialiseSecureChannelRequest = Infer<typeof InitialiseSecureChannelRequest>;

export const ConfigureISDPRequest = sequence({
  dpProprietaryData: optional(rawContent(0xb8)),
}).as('BF24');

/** Bits of profileManagementOperation. */
export const notificationEvents = {
  notificationInstall: 0,
  notificationEnable: 1,
  notificationDisable: 2,
  notificationDelete: 3,
} as const;
export type NotificationEvent = keyof typeof notificationEvents;

export const NotificationConfigurationInformation = sequence({
  profileManagementOperation: namedBits.as('80'),
  notificationAddress: ServerAddress.as('81'),
});

export const OperatorId = sequence({
  mccMnc: octetString(3).as('80'),
  gid1: optional(octetString(0, 64).as('81')),
  gid2: optional(octetString(0, 64).as('82')),
});
export type OperatorId = Infer<typeof OperatorId>;

export const profileClasses = { test: 0, provisioning: 1, operational: 2 } as const;
export type ProfileClass = keyof typeof profileClasses;

export const StoreMetadataRequest = sequence({
  iccid: Iccid,
  serviceProviderName: utf8String(32).as('91'),
  profileName: utf8String(64).as('92'),
  iconType: optional(integer(0, 1).as('93')),
  icon: optional(octetString(0, 1024).as('94')),
  profileClass: withDefault(integer(0, 2).as('95'), profileClasses.operational),
  notificationConfigurationInfo: optional(sequenceOf(NotificationConfigurationInformation, 32).as('B6')),
  profileOwner: optional(OperatorId.as('B7')),
  profilePolicyRules: optional(PprIds.as('99')),
  serviceSpecificDataStoredInEuicc: optional(raw(0xbf22)),
  serviceSpecificDataNotStoredInEuicc: optional(raw(0xbf23)),
  refArDo: optional(raw(0xbf76)),
}).as('BF25');
export type StoreMetadataRequest = Infer<typeof StoreMetadataRequest>;

export const ReplaceSessionKeysRequest = sequence({
  initialMacChainingValue: octetString(16).as('80'),
  ppkEnc: octetString(16).as('81'),
  ppkCmac: octetString(16).as('82'),
}).as('BF26');
export type ReplaceSessionKeysRequest = Infer<typeof ReplaceSessionKeysRequest>;

/** The parts of BF36 after their tags; the elements are whole 86, 87 and 88 TLVs. */
export const BoundProfilePackage = sequence({
  initialiseSecureChannelRequest: withBytes(InitialiseSecureChannelRequest),
  firstSequenceOf87: sequenceOf(raw(0x87), 16).as('A0'),
  sequenceOf88: sequenceOf(raw(0x88), 256).as('A1'),
  secondSequenceOf87: optional(sequenceOf(raw(0x87), 16).as('A2')),
  sequenceOf86: sequenceOf(raw(0x86), 4096).as('A3'),
}).as('BF36');
export type BoundProfilePackage = Infer<typeof BoundProfilePackage>;
