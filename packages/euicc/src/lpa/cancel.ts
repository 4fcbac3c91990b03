import { fromHex, withBytes } from '@esim-rsp/codec';
import {
  CancelSessionRequest,
  CancelSessionResponse,
  cancelSessionReasons,
} from '@esim-rsp/sgp22/asn1/download';
import { type Offer, onlyLpaFailure } from './authenticate.ts';
import { callEs9 } from './es9.ts';
import { callEs10 } from './es10.ts';
import type { LpaFailure } from './failure.ts';
import type { LpaEnv } from './ports.ts';

export type CancelReason = keyof typeof cancelSessionReasons;

/** Ends the session on the card, and with its signature on the server (SGP.22 3.1.3.2), then throws the failure. */
export async function giveUp(
  failure: LpaFailure,
  reason: CancelReason,
  offer: Offer,
  env: LpaEnv,
): Promise<never> {
  await cancel(offer, reason, env).catch(onlyLpaFailure);
  throw failure;
}

async function cancel(
  { smdpAddress, transactionId }: Offer,
  reason: CancelReason,
  env: LpaEnv,
): Promise<void> {
  const cancelSessionResponse = await callEs10(
    env.es10,
    { step: 'cancelSession', request: CancelSessionRequest, response: withBytes(CancelSessionResponse) },
    { transactionId: fromHex(transactionId), reason: cancelSessionReasons[reason] },
  );
  if ('cancelSessionResponseError' in cancelSessionResponse.value) return;
  await callEs9(env.es9, smdpAddress, 'cancelSession', { transactionId, cancelSessionResponse });
  env.onStep({ name: 'cancelSession', text: `the session was cancelled: ${reason}` });
}
