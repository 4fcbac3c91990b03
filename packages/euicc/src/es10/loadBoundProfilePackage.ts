import { DerError, decode } from '@esim-rsp/codec';
import { ConfigureISDPRequest } from '@esim-rsp/sgp22/asn1/bound-profile-package';
import { BppFailure } from '@esim-rsp/sgp22/bpp/failure';
import {
  expectedTags,
  type Opening,
  openSegment,
  readFirstSegment,
  startOpening,
} from '@esim-rsp/sgp22/bpp/open';
import { verifySecureChannel } from '@esim-rsp/sgp22/bpp/secure-channel';
import { deriveSessionKeys } from '@esim-rsp/sgp22/bpp/session-keys';
import { importVerifyingKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import { computeSharedSecret } from '@esim-rsp/sgp22/crypto/ecka';
import type { Card, Installing, Prepared } from '../card/card.ts';
import { answerWith, type Es10Function, type Outcome, refuseWith, statusWords } from './command.ts';
import { answerFailedInstallation, installProfile, metadataFault, mustFit, readMetadata } from './install.ts';

const TAGS = new Set([0x86, 0x87, 0x88, 0xa0, 0xa1, 0xa2, 0xa3]);

/** Whether a request is a segment of a package. A segment need not be one whole TLV, so its first octets decide. */
export function isSegment(request: Uint8Array): boolean {
  return startsPackage(request) || TAGS.has(request[0] ?? 0);
}

/** ES10b.LoadBoundProfilePackage (5.7.6): one segment of a Bound Profile Package. The result comes with the last, or with the first that fails. */
export const loadBoundProfilePackage: Es10Function = (card, segment) => {
  const { session } = card;
  try {
    if (session?.stage === 'prepared' && startsPackage(segment)) return startPackage(card, session, segment);
    if (session?.stage === 'installing') return continuePackage(card, session, segment);
    return refuseWith(card, statusWords.conditionsNotSatisfied);
  } catch (error) {
    if (!(error instanceof BppFailure) || session === undefined || session.stage === 'challenged')
      throw error;
    return answerFailedInstallation(card, session, error);
  }
};

function startsPackage(segment: Uint8Array): boolean {
  return segment[0] === 0xbf && segment[1] === 0x36;
}

/** InitialiseSecureChannel: checks the last signature of the SM-DP+ and derives the session keys. */
function startPackage(card: Card, session: Prepared, segment: Uint8Array): Outcome {
  const { request, remaining } = readFirstSegment(segment);
  const { oneTimeKey, transactionId, dpPbKey } = session;
  verifySecureChannel(request, {
    transactionId,
    euiccOtpk: oneTimeKey.otPk,
    dpPb: importVerifyingKey(dpPbKey),
  });
  const { smdpOtpk, controlRefTemplate } = request.value;
  const { hostId } = controlRefTemplate.value;
  const keys = deriveSessionKeys({ sharedSecret: sharedSecretOf(session, smdpOtpk), hostId, eid: card.eid });
  const next: Installing = { ...session, stage: 'installing', opening: startOpening(keys, remaining) };
  return answerWith({ ...card, session: next }, new Uint8Array());
}

function sharedSecretOf({ oneTimeKey }: Prepared, smdpOtpk: Uint8Array): Uint8Array {
  try {
    return computeSharedSecret(oneTimeKey, smdpOtpk);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new BppFailure(
      'initialiseSecureChannel',
      'incorrectInputValues',
      'smdpOtpk is not a point on the curve',
      error,
    );
  }
}

function continuePackage(card: Card, session: Installing, segment: Uint8Array): Outcome {
  const [tag = 0] = segment;
  if (!expectedTags(session.opening).includes(tag))
    return refuseWith(card, statusWords.conditionsNotSatisfied);
  const { opening, commands } = openSegment(session.opening, segment);
  let next: Installing = { ...session, opening };
  for (const { command, data } of commands) {
    if (command === 'configureISDP') mustConfigure(data);
    if (command === 'storeMetadata') {
      const fault = metadataFault(card, readMetadata(data));
      next = { ...next, metadata: data };
      if (fault !== undefined) return answerFailedInstallation(card, next, fault);
    }
    if (command === 'loadProfileElements') return installProfile(card, next, data);
  }
  mustFitPart(card, opening);
  return answerWith({ ...card, session: next }, new Uint8Array());
}

/** A part is kept until it is complete, so it must fit into the free memory. */
function mustFitPart(card: Card, { part }: Opening): void {
  if (part === undefined) return;
  const octets = part.plaintexts.reduce((sum, { length }) => sum + length, 0);
  mustFit(card, octets, part.command);
}

/** Checks ConfigureISDP (5.5.2). Its data is for the SM-DP+ itself and is not stored. */
function mustConfigure(data: Uint8Array): void {
  try {
    const { dpProprietaryData } = decode(ConfigureISDPRequest, data);
    if ((dpProprietaryData?.length ?? 0) <= 126) return;
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
  }
  throw new BppFailure('configureISDP', 'incorrectInputValues', 'ConfigureISDP cannot be read');
}
