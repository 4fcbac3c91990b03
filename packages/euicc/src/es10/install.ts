import { concat, DerError, decode, encode, encodeWithBytes, equal, fromHex } from '@esim-rsp/codec';
import { profileClasses, StoreMetadataRequest } from '@esim-rsp/sgp22/asn1/bound-profile-package';
import { PPR1 } from '@esim-rsp/sgp22/asn1/euicc-info';
import {
  bppCommandIds,
  errorReasons,
  ProfileInstallationResult,
  ProfileInstallationResultData,
} from '@esim-rsp/sgp22/asn1/notification';
import { type BppCommandId, BppFailure, type ErrorReason } from '@esim-rsp/sgp22/bpp/failure';
import { checkForInstallation } from '@esim-rsp/sgp22/profile/install';
import { iccidFromSwappedBcd } from '@esim-rsp/sgp22/value/iccid';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';
import {
  type Authenticated,
  type Card,
  classOf,
  freeMemory,
  type InstalledProfile,
  type Installing,
  type Prepared,
  withoutSession,
} from '../card/card.ts';
import { credentialFor, signingKey } from '../card/credential.ts';
import { notificationMetadata, notify, storeNotification } from '../card/notify.ts';
import { answerWith, type Outcome } from './command.ts';
import { rulesAuthorisationTable } from './info.ts';

/** Reads StoreMetadataRequest (5.5.3) and checks its ICCID. Throws a BppFailure. */
export function readMetadata(data: Uint8Array): StoreMetadataRequest {
  try {
    const metadata = decode(StoreMetadataRequest, data);
    iccidFromSwappedBcd(metadata.iccid);
    return metadata;
  } catch (error) {
    if (!(error instanceof DerError || error instanceof ValueError)) throw error;
    throw new BppFailure('storeMetadata', 'incorrectInputValues', error.message, error);
  }
}

/** Why the card cannot install a Profile of this metadata (5.5.3, 2.9.2), or `undefined`. */
export function metadataFault(card: Card, metadata: StoreMetadataRequest): BppFailure | undefined {
  const fault = (reason: ErrorReason, why: string) => new BppFailure('storeMetadata', reason, why);
  const iccid = iccidFromSwappedBcd(metadata.iccid);
  const rules = metadata.profilePolicyRules ?? new Set();
  if (card.profiles.some((profile) => profile.iccid === iccid))
    return fault('installFailedDueToIccidAlreadyExistsOnEuicc', `the ICCID ${iccid} is installed already`);
  if ([...rules].some((rule) => rule !== PPR_UPDATE_CONTROL && !isAuthorised(rule)))
    return fault('pprNotAllowed', 'the rules authorisation table does not allow a policy rule');
  if (rules.has(PPR1) && card.profiles.some(isOperational))
    return fault('pprNotAllowed', 'PPR1 is not allowed if there is another operational profile');
  if (rules.size > 0 && metadata.profileOwner === undefined)
    return fault('incorrectInputValues', 'a profile with policy rules names its owner');
  if ((metadata.icon === undefined) !== (metadata.iconType === undefined))
    return fault('incorrectInputValues', 'icon and iconType belong together');
  return undefined;
}

/** The only bit of pprIds that is not a rule: it says who may change the rules. */
const PPR_UPDATE_CONTROL = 0;

/** Whether the table of this card allows the rule; it allows any operator what it allows one. */
function isAuthorised(rule: number): boolean {
  return rulesAuthorisationTable.some(({ pprIds }) => pprIds.has(rule));
}

function isOperational(profile: InstalledProfile): boolean {
  return classOf(profile) === profileClasses.operational;
}

/** Throws a BppFailure if fewer octets are free. */
export function mustFit(card: Card, octets: number, command: BppCommandId): void {
  if (octets > freeMemory(card))
    throw new BppFailure(
      command,
      'installFailedDueToInsufficientMemoryForProfile',
      'there is not enough memory',
    );
}

/** Installs a Profile that has arrived in full (5.5.5, 2.5.6): checks it, stores it disabled, and signs the result. */
export function installProfile(card: Card, session: Installing, upp: Uint8Array): Outcome {
  if (session.metadata === undefined)
    throw new BppFailure('storeMetadata', 'incorrectInputValues', 'the package has no metadata');
  mustFit(card, upp.length + session.metadata.length, 'loadProfileElements');
  const iccid = iccidFromSwappedBcd(readMetadata(session.metadata).iccid);
  const check = checkForInstallation(upp, iccid);
  if (!check.ok) {
    const reason = reasonName(check.errorReason);
    const failure = new BppFailure('loadProfileElements', reason, 'the package was refused');
    return answerFailedInstallation(card, session, failure, check.simaResponse);
  }
  const aid = nextAid(card);
  const profile: InstalledProfile = { iccid, aid, state: 'disabled', metadata: session.metadata, upp };
  const used = card.oneTimeKeys.filter(({ smdpOid }) => smdpOid !== session.smdpOid);
  const installed = { ...withoutSession(card), profiles: [...card.profiles, profile], oneTimeKeys: used };
  const reported = withResult(installed, session, {
    successResult: { aid, simaResponse: check.simaResponse },
  });
  return answerWith(notify(reported.card, profile, 'notificationInstall'), reported.result);
}

function reasonName(code: number): ErrorReason {
  const found = Object.entries(errorReasons).find(([, value]) => value === code);
  return (found?.[0] ?? 'installFailedDueToUnknownError') as ErrorReason;
}

/** Ends the installation without a Profile. Nothing of it is stored; the result says at which command it failed, and why. */
export function answerFailedInstallation(
  card: Card,
  session: Authenticated | Prepared | Installing,
  { bppCommandId, errorReason }: BppFailure,
  simaResponse?: Uint8Array,
): Outcome {
  const errorResult = {
    bppCommandId: bppCommandIds[bppCommandId],
    errorReason: errorReasons[errorReason],
    ...(simaResponse !== undefined && { simaResponse }),
  };
  const reported = withResult(withoutSession(card), session, { errorResult });
  return answerWith(reported.card, reported.result);
}

const AID_PREFIX = fromHex('a0000005591010ffffffff8900');

/** ISD-P AIDs count up from …8900001000. */
function nextAid({ profiles }: Card): Uint8Array {
  for (let number = 0x10; ; number++) {
    const aid = concat(AID_PREFIX, Uint8Array.of(number >>> 8, number, 0x00));
    if (!profiles.some((profile) => equal(profile.aid, aid))) return aid;
  }
}

type FinalResult = ProfileInstallationResultData['finalResult'];

/** Signs the ProfileInstallationResult, and stores it as a notification before it is answered. */
function withResult(card: Card, session: Authenticated | Prepared | Installing, finalResult: FinalResult) {
  const credential = credentialFor(card, session.ciPKId);
  if (credential === undefined) throw new Error('the credential of the session is gone');
  const metadata = 'metadata' in session ? session.metadata : undefined;
  const iccid = metadata === undefined ? undefined : decode(StoreMetadataRequest, metadata).iccid;
  const { transactionId, serverAddress, smdpOid } = session;
  const data = encodeWithBytes(ProfileInstallationResultData, {
    transactionId,
    notificationMetadata: notificationMetadata(card, 'notificationInstall', serverAddress, iccid).value,
    smdpOid,
    finalResult,
  });
  const euiccSignPIR = signingKey(credential).sign(data.bytes);
  const result = encode(ProfileInstallationResult, { profileInstallationResultData: data, euiccSignPIR });
  return { card: storeNotification(card, 'notificationInstall', serverAddress, result), result };
}
