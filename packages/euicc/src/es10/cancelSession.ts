import { decode, encode, encodeWithBytes, equal, oidContent } from '@esim-rsp/codec';
import { Signature } from '@esim-rsp/sgp22/asn1/common';
import {
  CancelSessionRequest,
  CancelSessionResponse,
  EuiccCancelSessionSigned,
} from '@esim-rsp/sgp22/asn1/download';
import { withoutSession } from '../card/card.ts';
import { credentialFor, signingKey } from '../card/credential.ts';
import { answerWith, type Es10Function } from './command.ts';

const INVALID_TRANSACTION_ID = 5;

/** ES10b.CancelSession (5.7.14): ends the session, and signs that for the SM-DP+. */
export const cancelSession: Es10Function = (card, request) => {
  const { transactionId, reason } = decode(CancelSessionRequest, request);
  const { session } = card;
  const open =
    session !== undefined && session.stage !== 'challenged' && equal(session.transactionId, transactionId);
  const credential = open ? credentialFor(card, session.ciPKId) : undefined;
  if (!open || credential === undefined)
    return answerWith(
      card,
      encode(CancelSessionResponse, { cancelSessionResponseError: INVALID_TRANSACTION_ID }),
    );
  const euiccCancelSessionSigned = encodeWithBytes(EuiccCancelSessionSigned, {
    transactionId,
    smdpOid: oidContent(session.smdpOid),
    reason,
  });
  const signature = signingKey(credential).sign(euiccCancelSessionSigned.bytes);
  const cancelSessionResponseOk = {
    euiccCancelSessionSigned,
    euiccCancelSessionSignature: encodeWithBytes(Signature, signature),
  };
  return answerWith(withoutSession(card), encode(CancelSessionResponse, { cancelSessionResponseOk }));
};
