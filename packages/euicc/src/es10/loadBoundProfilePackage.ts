import { DerError, decode } from '@esim-rsp/codec';
import { ConfigureISDPRequest } from '@esim-rsp/sgp22/asn1/bound-profile-package';
import { BppFailure } from '@esim-rsp/sgp22/bpp/failure';
import {
  beginOpening,
  expectedTags,
  type OpenedCommand,
  openSegment,
  readFirstSegment,
} from '@esim-rsp/sgp22/bpp/open';
import { verifySecureChannel } from '@esim-rsp/sgp22/bpp/secure-channel';
import { deriveSessionKeys } from '@esim-rsp/sgp22/bpp/session-keys';
import { importVerifyingKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import { agree } from '@esim-rsp/sgp22/crypto/ecka';
import { type Card, freeMemory, type Installing, type Prepared } from '../card/card.ts';
import { answered, type Es10Function, type Outcome, refused, statusWords } from './command.ts';
import { acceptMetadata, installFailed, installProfile } from './install.ts';

/** ES10b.LoadBoundProfilePackage (5.7.6): one segment of a Bound Profile Package. The result comes with the last, or with the first that fails. */
export const loadBoundProfilePackage: Es10Function = (card, segment) => {
  const { session } = card;
  try {
    if (session?.stage === 'prepared' && startsPackage(segment)) return begun(card, session, segment);
    if (session?.stage === 'installing') return continued(card, session, segment);
    return refused(card, statusWords.conditionsNotSatisfied);
  } catch (error) {
    if (!(error instanceof BppFailure) || session === undefined || session.stage === 'challenged')
      throw error;
    return installFailed(card, session, error);
  }
};

function startsPackage(segment: Uint8Array): boolean {
  return segment[0] === 0xbf && segment[1] === 0x36;
}

/** InitialiseSecureChannel: the last signature of the SM-DP+, then the session keys. */
function begun(card: Card, session: Prepared, segment: Uint8Array): Outcome {
  const { request, remaining } = readFirstSegment(segment);
  const { oneTimeKey, transactionId, dpPbKey } = session;
  verifySecureChannel(request, {
    transactionId,
    euiccOtpk: oneTimeKey.otPk,
    dpPb: importVerifyingKey(dpPbKey),
  });
  const { smdpOtpk, controlRefTemplate } = request.value;
  const { hostId } = controlRefTemplate.value;
  const keys = deriveSessionKeys({ sharedSecret: agreed(session, smdpOtpk), hostId, eid: card.eid });
  if (remaining > freeMemory(card))
    throw new BppFailure(
      'loadProfileElements',
      'installFailedDueToInsufficientMemoryForProfile',
      'the package is larger than the free memory',
    );
  const next: Installing = { ...session, stage: 'installing', opening: beginOpening(keys, remaining) };
  return answered({ ...card, session: next }, new Uint8Array());
}

function agreed({ oneTimeKey }: Prepared, smdpOtpk: Uint8Array): Uint8Array {
  try {
    return agree(oneTimeKey, smdpOtpk);
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

const BPP_TAGS = new Set([0x86, 0x87, 0x88, 0xa0, 0xa1, 0xa2, 0xa3]);

function continued(card: Card, session: Installing, segment: Uint8Array): Outcome {
  const [tag = 0] = segment;
  if (!BPP_TAGS.has(tag)) return refused(card, statusWords.notFound);
  if (!expectedTags(session.opening).includes(tag)) return refused(card, statusWords.conditionsNotSatisfied);
  const { opening, commands } = openSegment(session.opening, segment);
  let next: Installing = { ...session, opening };
  for (const command of commands) {
    if (command.command === 'loadProfileElements') return installProfile(card, next, command.data);
    next = carriedOut(card, next, command);
  }
  return answered({ ...card, session: next }, new Uint8Array());
}

/** ConfigureISDP and StoreMetadata (5.5.2, 5.5.3); ReplaceSessionKeys has taken effect by being opened. */
function carriedOut(card: Card, session: Installing, { command, data }: OpenedCommand): Installing {
  if (command === 'configureISDP') mustConfigure(data);
  if (command === 'storeMetadata') {
    acceptMetadata(card, data);
    return { ...session, metadata: data };
  }
  return session;
}

function mustConfigure(data: Uint8Array): void {
  try {
    const { dpProprietaryData } = decode(ConfigureISDPRequest, data);
    if ((dpProprietaryData?.length ?? 0) <= 126) return;
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
  }
  throw new BppFailure('configureISDP', 'incorrectInputValues', 'ConfigureISDP cannot be read');
}
