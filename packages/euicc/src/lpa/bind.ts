import { type Der, fromHex, withBytes } from '@esim-rsp/codec';
import {
  downloadErrorCodes,
  PrepareDownloadRequest,
  PrepareDownloadResponse,
} from '@esim-rsp/sgp22/asn1/download';
import { confirmationCodeHash, hashCc } from '@esim-rsp/sgp22/value/confirmation-code';
import { mustBeSameTransaction, type Offer, onlyLpaFailure } from './authenticate.ts';
import { giveUp } from './cancel.ts';
import { callEs9 } from './es9.ts';
import { callEs10, errorName } from './es10.ts';
import { LpaFailure } from './failure.ts';
import type { LpaEnv } from './ports.ts';

/** Asks for the confirmation code; `again` after a wrong one. undefined if there is none, or no other one. */
export type AskConfirmationCode = (again: boolean) => Promise<string | undefined>;

/** ES10b.PrepareDownload and ES9+.GetBoundProfilePackage (SGP.22 3.1.3.2); a wrong confirmation code can be tried again in the same session. */
export async function bind(offer: Offer, ask: AskConfirmationCode, env: LpaEnv): Promise<Uint8Array> {
  const { ccRequiredFlag } = offer.answer.smdpSigned2.value;
  if (!ccRequiredFlag) return await bindWith(offer, undefined, env);
  let refused: LpaFailure | undefined;
  for (;;) {
    const code = await ask(refused !== undefined);
    if (code === undefined || code === '')
      return await giveUp(refused ?? codeMissing(), 'postponed', offer, env);
    try {
      return await bindWith(offer, code, env);
    } catch (error) {
      if (!isWrongCode(error)) throw error;
      refused = error;
    }
  }
}

function codeMissing(): LpaFailure {
  return new LpaFailure('prepareDownload', 'the operator asks for a confirmation code', {
    advice: 'enter the code that you have from the operator',
  });
}

function isWrongCode(error: unknown): error is LpaFailure {
  if (!(error instanceof LpaFailure)) return false;
  return error.status?.subjectCode === '8.2.7' && error.status.reasonCode === '3.8';
}

async function bindWith(offer: Offer, code: string | undefined, env: LpaEnv): Promise<Uint8Array> {
  const { smdpAddress, transactionId } = offer;
  const prepareDownloadResponse = await prepare(offer, code, env);
  const bound = await callEs9(env.es9, smdpAddress, 'getBoundProfilePackage', {
    transactionId,
    prepareDownloadResponse,
  });
  mustBeSameTransaction('getBoundProfilePackage', transactionId, bound.transactionId);
  const { bytes } = bound.boundProfilePackage;
  env.onStep({
    name: 'getBoundProfilePackage',
    text: `the profile has arrived, bound to this eUICC: ${bytes.length} bytes`,
  });
  return bytes;
}

const faults: Readonly<Record<string, string>> = {
  invalidCertificate:
    'the certificate that would bind the profile is not valid, or belongs to another SM-DP+',
  invalidSignature: 'the signature over the offer is wrong',
  unsupportedCurve: 'the curve of its certificate is not supported',
  invalidTransactionId: 'the offer belongs to another session',
};

/** ES10b.PrepareDownload. An error of the card is sent to the server too, so that it can end its session. */
async function prepare(
  { answer, smdpAddress, transactionId }: Offer,
  code: string | undefined,
  { es9, es10, onStep }: LpaEnv,
): Promise<Der<PrepareDownloadResponse>> {
  const { smdpSigned2, smdpSignature2, smdpCertificate } = answer;
  const hash = code && hashCc(confirmationCodeHash(code), fromHex(transactionId));
  const prepareDownloadResponse = await callEs10(
    es10,
    {
      step: 'prepareDownload',
      request: PrepareDownloadRequest,
      response: withBytes(PrepareDownloadResponse),
    },
    { smdpSigned2, smdpSignature2, smdpCertificate, ...(hash && { hashCc: hash }) },
  );
  const { value: response } = prepareDownloadResponse;
  if ('downloadResponseError' in response) {
    const request = { transactionId, prepareDownloadResponse };
    await callEs9(es9, smdpAddress, 'getBoundProfilePackage', request).catch(onlyLpaFailure);
    const name = errorName(downloadErrorCodes, response.downloadResponseError.downloadErrorCode);
    const fault = faults[name] ?? 'it gives no reason';
    throw new LpaFailure('prepareDownload', `the eUICC refuses the offer: ${fault} (${name})`);
  }
  onStep({ name: 'prepareDownload', text: 'the eUICC agrees and has generated a one-time key' });
  return prepareDownloadResponse;
}
