import { DerError, decode, encode, fromHex, made } from '@esim-rsp/codec';
import { profileClasses, StoreMetadataRequest } from '@esim-rsp/sgp22/asn1/bound-profile-package';
import { PPR1 } from '@esim-rsp/sgp22/asn1/euicc-info';
import {
  bppCommandIds,
  errorReasons,
  ProfileInstallationResult,
  ProfileInstallationResultData,
} from '@esim-rsp/sgp22/asn1/notification';
import { BppFailure, type ErrorReason } from '@esim-rsp/sgp22/bpp/failure';
import { checkForInstallation } from '@esim-rsp/sgp22/profile/install';
import { type Iccid, iccidFromSwappedBcd } from '@esim-rsp/sgp22/value/iccid';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';
import {
  type Authenticated,
  type Card,
  freeMemory,
  type InstalledProfile,
  type Installing,
  type Prepared,
  withoutSession,
} from '../card/card.ts';
import { credentialFor, signingKey } from '../card/credential.ts';
import { notificationMetadata, notify, stored } from '../card/notify.ts';
import { answered, type Outcome } from './command.ts';

/** What StoreMetadata is checked for (5.5.3); throws a BppFailure. */
export function acceptMetadata(card: Card, data: Uint8Array): void {
  const fail = (reason: ErrorReason, why: string) => new BppFailure('storeMetadata', reason, why);
  const metadata = readMetadata(data);
  const iccid = iccidOf(metadata);
  if (card.profiles.some((profile) => profile.iccid === iccid))
    throw fail('installFailedDueToIccidAlreadyExistsOnEuicc', `the ICCID ${iccid} is installed already`);
  const rules = metadata.profilePolicyRules ?? new Set();
  if (rules.size > 0 && metadata.profileOwner === undefined)
    throw fail('incorrectInputValues', 'a profile with policy rules names its owner');
  if (rules.has(PPR1) && card.profiles.some(isOperational))
    throw fail('pprNotAllowed', 'PPR1 is not allowed beside another operational profile');
  if ((metadata.icon === undefined) !== (metadata.iconType === undefined))
    throw fail('incorrectInputValues', 'icon and iconType belong together');
}

function isOperational({ metadata }: InstalledProfile): boolean {
  return decode(StoreMetadataRequest, metadata).profileClass === profileClasses.operational;
}

function readMetadata(data: Uint8Array): StoreMetadataRequest {
  try {
    return decode(StoreMetadataRequest, data);
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
    throw new BppFailure('storeMetadata', 'incorrectInputValues', error.message, error);
  }
}

function iccidOf(metadata: StoreMetadataRequest): Iccid {
  try {
    return iccidFromSwappedBcd(metadata.iccid);
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    throw new BppFailure('storeMetadata', 'incorrectInputValues', error.message, error);
  }
}

/** The Profile has arrived in full: checked, kept, disabled, reported (5.5.5, 2.5.6). */
export function installProfile(card: Card, session: Installing, upp: Uint8Array): Outcome {
  if (session.metadata === undefined)
    throw new BppFailure('storeMetadata', 'incorrectInputValues', 'no metadata came');
  const fail = (reason: ErrorReason, why: string) => new BppFailure('loadProfileElements', reason, why);
  if (upp.length > freeMemory(card))
    throw fail('installFailedDueToInsufficientMemoryForProfile', 'there is not enough memory');
  const iccid = iccidOf(readMetadata(session.metadata));
  const check = checkForInstallation(upp, iccid);
  if (!check.ok)
    return installFailed(
      card,
      session,
      fail(reasonName(check.errorReason), 'the package was refused'),
      check.simaResponse,
    );
  const aid = nextAid(card);
  const profile: InstalledProfile = { iccid, aid, state: 'disabled', metadata: session.metadata, upp };
  const used = card.oneTimeKeys.filter(({ smdpOid }) => smdpOid !== session.smdpOid);
  const installed = { ...withoutSession(card), profiles: [...card.profiles, profile], oneTimeKeys: used };
  const reported = withResult(installed, session, {
    successResult: { aid, simaResponse: check.simaResponse },
  });
  return answered(notify(reported.card, profile, 'notificationInstall'), reported.result);
}

function reasonName(code: number): ErrorReason {
  const found = Object.entries(errorReasons).find(([, value]) => value === code);
  return (found?.[0] ?? 'installFailedDueToUnknownError') as ErrorReason;
}

/** The installation ends without a Profile: nothing of it stays, and the result says at which command and why. */
export function installFailed(
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
  return answered(reported.card, reported.result);
}

const AID_PREFIX = fromHex('a0000005591010ffffffff89');

/** ISD-P AIDs count up from …8900001000. */
function nextAid({ profiles }: Card): Uint8Array {
  for (let number = 0x10; ; number++) {
    const aid = Uint8Array.from([...AID_PREFIX, 0x00, 0x00, number, 0x00]);
    if (!profiles.some((profile) => profile.aid[14] === number)) return aid;
  }
}

type FinalResult = ProfileInstallationResultData['finalResult'];

/** Signs the ProfileInstallationResult and keeps it for sending before anybody gets to see it. */
function withResult(card: Card, session: Authenticated | Prepared | Installing, finalResult: FinalResult) {
  const credential = credentialFor(card, session.ciPKId);
  if (credential === undefined) throw new Error('the credential of the session is gone');
  const metadata = 'metadata' in session ? session.metadata : undefined;
  const iccid = metadata === undefined ? undefined : decode(StoreMetadataRequest, metadata).iccid;
  const { transactionId, serverAddress, smdpOid } = session;
  const data = made(ProfileInstallationResultData, {
    transactionId,
    notificationMetadata: notificationMetadata(card, 'notificationInstall', serverAddress, iccid).value,
    smdpOid,
    finalResult,
  });
  const euiccSignPIR = signingKey(credential).sign(data.bytes);
  const result = encode(ProfileInstallationResult, { profileInstallationResultData: data, euiccSignPIR });
  return { card: stored(card, 'notificationInstall', serverAddress, result), result };
}
