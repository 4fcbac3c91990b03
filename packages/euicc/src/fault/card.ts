import { type Der, decode, decodeWithBytes, encode, encodeWithBytes, readHeader } from '@esim-rsp/codec';
import { AuthenticateServerResponse, EuiccSigned1 } from '@esim-rsp/sgp22/asn1/authentication';
import { Signature } from '@esim-rsp/sgp22/asn1/common';
import {
  CancelSessionResponse,
  EUICCSigned2,
  EuiccCancelSessionSigned,
  PrepareDownloadRequest,
  PrepareDownloadResponse,
} from '@esim-rsp/sgp22/asn1/download';
import { EUICCInfo1, EUICCInfo2 } from '@esim-rsp/sgp22/asn1/euicc-info';
import { ProfileInstallationResult, ProfileInstallationResultData } from '@esim-rsp/sgp22/asn1/notification';
import { Certificate } from '@esim-rsp/sgp22/asn1/pkix';
import type { Curve, LocalSigningKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import type { Random } from '@esim-rsp/sgp22/crypto/random';
import { type CertificateView, readCertificate } from '@esim-rsp/sgp22/pki/certificate';
import type { Card, CardCredential } from '../card/card.ts';
import { credentialFor, signingKey } from '../card/credential.ts';
import type { Es10Function, Outcome } from '../es10/command.ts';
import { applyChange, type CardFault } from './fault.ts';
import type { Issuers } from './identity.ts';

/** Who can issue certificates on a curve; undefined if the PKI has no such issuer. */
export type IssuersOn = (curve: Curve) => Issuers | undefined;

/**
 * A card with a fault: `execute` is the correct function. Its answers are changed from outside and signed again. The card stores what a
 * correct card stores, except for the result of an installation.
 */
export function faultyCard(execute: Es10Function, fault: CardFault, issuersOn: IssuersOn): Es10Function {
  const changeOf = identityChanger(fault, issuersOn);
  return (card, request, env) => {
    const shown = changeOf(card);
    const outcome = execute(shown, request, env);
    const answer = faultyAnswer({ fault, shown, request, random: env.random }, outcome);
    return { ...answer, card: { ...answer.card, eid: card.eid, credentials: card.credentials } };
  };
}

/** Gives a card the certificates of the fault, which are issued once. */
function identityChanger({ identity }: CardFault, issuersOn: IssuersOn): (card: Card) => Card {
  if (identity === undefined) return (card) => card;
  let made: Pick<Card, 'eid' | 'credentials'> | undefined;
  return (card) => {
    made ??= changeIdentity(card, identity, issuersOn);
    return { ...card, ...made };
  };
}

function changeIdentity(
  { eid: own, credentials }: Card,
  change: NonNullable<CardFault['identity']>,
  issuersOn: IssuersOn,
): Pick<Card, 'eid' | 'credentials'> {
  let eid = own;
  const faulty = credentials.map((credential): CardCredential => {
    const key = signingKey(credential);
    const issuers = issuersOn(key.curve);
    if (issuers === undefined) return credential;
    const [certificate, eumCertificate] = [
      viewOf(credential.euiccCertificate),
      viewOf(credential.eumCertificate),
    ];
    const changedTo = change({ eid, euicc: { certificate, key }, eumCertificate }, issuers);
    eid = changedTo.eid;
    return {
      ciPKId: credential.ciPKId,
      euiccCertificate: changedTo.euicc.certificate.bytes,
      eumCertificate: changedTo.eumCertificate.bytes,
      privateKey: changedTo.euicc.key.exportPem(),
    };
  });
  return { eid, credentials: faulty };
}

function viewOf(certificate: Uint8Array): CertificateView {
  return readCertificate(decodeWithBytes(Certificate, certificate));
}

type FaultyCall = {
  readonly fault: CardFault;
  readonly shown: Card;
  readonly request: Uint8Array;
  readonly random: Random;
};

/** Applies the fault to an answer, by its tag. Other answers stay the same. */
function faultyAnswer(call: FaultyCall, outcome: Outcome): Outcome {
  if (outcome.sw !== 0x9000 || outcome.data.length === 0) return outcome;
  const answer = answers.get(readHeader(outcome.data, 0).tag);
  return answer === undefined ? outcome : answer(call, outcome);
}

type Answer = (call: FaultyCall, outcome: Outcome) => Outcome;

const answers: ReadonlyMap<number, Answer> = new Map<number, Answer>([
  [0xbf20, ofInfo1],
  [0xbf21, ofPrepareDownload],
  [0xbf22, ofInfo2],
  [0xbf37, ofInstallation],
  [0xbf38, ofAuthenticateServer],
  [0xbf41, ofCancelSession],
]);

function ofInfo1({ fault, random }: FaultyCall, outcome: Outcome): Outcome {
  const own = decode(EUICCInfo1, outcome.data);
  const reported = fault.euiccInfo?.(own as EUICCInfo2, random) ?? own;
  return { ...outcome, data: encode(EUICCInfo1, applyChange(fault.euiccInfo1, reported, random)) };
}

function ofInfo2({ fault, random }: FaultyCall, outcome: Outcome): Outcome {
  const data = encode(EUICCInfo2, applyChange(fault.euiccInfo, decode(EUICCInfo2, outcome.data), random));
  return { ...outcome, data };
}

function ofAuthenticateServer({ fault, shown, random }: FaultyCall, outcome: Outcome): Outcome {
  const own = decode(AuthenticateServerResponse, outcome.data);
  if (!('authenticateResponseOk' in own)) return outcome;
  const { card } = outcome;
  const key = keyIn(shown, card);
  if (key === undefined || card.session?.stage !== 'authenticated') return outcome;
  const { authenticateResponseOk: ok } = own;
  const { value: said } = ok.euiccSigned1;
  const euiccInfo2 = encodeWithBytes(EUICCInfo2, applyChange(fault.euiccInfo, said.euiccInfo2.value, random));
  const signed = encodeWithBytes(
    EuiccSigned1,
    applyChange(fault.euiccSigned1, { ...said, euiccInfo2 }, random),
  );
  const euiccSignature1 = encodeWithBytes(Signature, key.sign(signed.bytes));
  const response = { authenticateResponseOk: { ...ok, euiccSigned1: signed, euiccSignature1 } };
  return {
    ...outcome,
    card: { ...card, session: { ...card.session, euiccSignature1: euiccSignature1.bytes } },
    data: encode(AuthenticateServerResponse, applyChange(fault.authenticateServerResponse, response, random)),
  };
}

function ofPrepareDownload({ fault, shown, request, random }: FaultyCall, outcome: Outcome): Outcome {
  const own = decode(PrepareDownloadResponse, outcome.data);
  const key = keyIn(shown, outcome.card);
  if (!('downloadResponseOk' in own) || key === undefined) return outcome;
  const { smdpSignature2 } = decode(PrepareDownloadRequest, request);
  const { value: said } = own.downloadResponseOk.euiccSigned2;
  const euiccSigned2 = encodeWithBytes(EUICCSigned2, applyChange(fault.euiccSigned2, said, random));
  const euiccSignature2 = encodeWithBytes(Signature, key.sign(euiccSigned2.bytes, smdpSignature2.bytes));
  const response = { downloadResponseOk: { euiccSigned2, euiccSignature2 } };
  const data = encode(PrepareDownloadResponse, applyChange(fault.prepareDownloadResponse, response, random));
  return { ...outcome, data };
}

function ofCancelSession({ fault, shown, random }: FaultyCall, outcome: Outcome): Outcome {
  const own = decode(CancelSessionResponse, outcome.data);
  const key = keyIn(shown, shown); // the session is over
  if (!('cancelSessionResponseOk' in own) || key === undefined) return outcome;
  const { value: said } = own.cancelSessionResponseOk.euiccCancelSessionSigned;
  const signed = encodeWithBytes(
    EuiccCancelSessionSigned,
    applyChange(fault.euiccCancelSessionSigned, said, random),
  );
  const cancelSessionResponseOk = {
    euiccCancelSessionSigned: signed,
    euiccCancelSessionSignature: encodeWithBytes(Signature, key.sign(signed.bytes)),
  };
  const response = applyChange(fault.cancelSessionResponse, { cancelSessionResponseOk }, random);
  return { ...outcome, data: encode(CancelSessionResponse, response) };
}

/** The key that signs in the session of this card. */
function keyIn(shown: Card, { session }: Card): LocalSigningKey | undefined {
  if (session === undefined || session.stage === 'challenged') return undefined;
  const credential = credentialFor(shown, session.ciPKId);
  return credential && signingKey(credential);
}

function ofInstallation(call: FaultyCall, outcome: Outcome): Outcome {
  const own = decode(ProfileInstallationResult, outcome.data);
  const changed = faultyResult(call, own);
  if (changed === own) return outcome;
  const data = encode(ProfileInstallationResult, changed);
  return { ...outcome, data, card: cardAfter(changed, data, call.shown, outcome.card) };
}

/**
 * The card stores the changed result, as the only notification of the installation: another one would contradict it. After a
 * failed installation it has no other profile and no other one-time keys than before.
 */
function cardAfter(
  { profileInstallationResultData }: ProfileInstallationResult,
  bytes: Uint8Array,
  { profiles, oneTimeKeys, notifications: before }: Card,
  after: Card,
): Card {
  const added = after.notifications.slice(before.length, before.length + 1);
  const notifications = [...before, ...added.map((result) => ({ ...result, bytes }))];
  const hasFailed = 'errorResult' in profileInstallationResultData.value.finalResult;
  return { ...after, notifications, ...(hasFailed && { profiles, oneTimeKeys }) };
}

/** Changes a result, and signs it again with the key that signed it; the same value if the fault does not change results. */
function faultyResult(
  { fault, shown, random }: FaultyCall,
  own: ProfileInstallationResult,
): ProfileInstallationResult {
  if (fault.profileInstallationResultData === undefined && fault.euiccSignPIR === undefined) return own;
  const { profileInstallationResultData: said, euiccSignPIR } = own;
  const key = shown.credentials
    .map(signingKey)
    .find(({ verifyingKey }) => verifyingKey.verify(euiccSignPIR, said.bytes));
  if (key === undefined) return own;
  const data: Der<ProfileInstallationResultData> = encodeWithBytes(
    ProfileInstallationResultData,
    applyChange(fault.profileInstallationResultData, said.value, random),
  );
  return {
    profileInstallationResultData: data,
    euiccSignPIR: applyChange(fault.euiccSignPIR, key.sign(data.bytes), random),
  };
}
