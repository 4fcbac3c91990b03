import assert from 'node:assert/strict';
import { decodeWithBytes, encode, encodeWithBytes, fromHex } from '@esim-rsp/codec';
import {
  AuthenticateServerResponse,
  authenticateErrorCodes,
  CtxParams1,
  EuiccSigned1,
} from '@esim-rsp/sgp22/asn1/authentication';
import { Signature } from '@esim-rsp/sgp22/asn1/common';
import { downloadErrorCodes, EUICCSigned2, PrepareDownloadResponse } from '@esim-rsp/sgp22/asn1/download';
import { EUICCInfo1, EUICCInfo2 } from '@esim-rsp/sgp22/asn1/euicc-info';
import type { LocalSigningKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import type { Es9Request } from '@esim-rsp/sgp22/functions/es9plus';
import { Refusal } from '@esim-rsp/sgp22/status';
import type { Decision } from '../run.ts';
import type { Change } from '../state/change.ts';
import {
  authenticated,
  ciPKId,
  euiccCertificate,
  euiccKey,
  eumCertificate,
  opened,
  transactionId,
} from './download.testdata.ts';

/** What the virtual eUICC of `download.testdata.ts` sends in a download, right unless a test says otherwise. */

const version = fromHex('020200');

export type InitiateFacts = {
  readonly smdpAddress?: string;
  readonly svn?: Uint8Array;
  readonly forSigning?: readonly Uint8Array[];
  readonly forVerification?: readonly Uint8Array[];
};

export function initiateRequest({
  smdpAddress = 'localhost',
  svn = version,
  forSigning = [ciPKId],
  forVerification = [ciPKId],
}: InitiateFacts = {}): Es9Request<'initiateAuthentication'> {
  return {
    euiccChallenge: new Uint8Array(16).fill(2),
    smdpAddress,
    euiccInfo1: encodeWithBytes(EUICCInfo1, {
      svn,
      euiccCiPKIdListForVerification: [...forVerification],
      euiccCiPKIdListForSigning: [...forSigning],
    }),
  };
}

export type AuthenticateFacts = {
  readonly signedId?: string;
  readonly serverAddress?: string;
  readonly serverChallenge?: Uint8Array;
  readonly matchingId?: string;
  readonly key?: LocalSigningKey;
  readonly eum?: typeof eumCertificate;
};

export function authenticateRequest({
  signedId = transactionId,
  serverAddress = 'localhost',
  serverChallenge = opened.serverChallenge,
  matchingId = 'ABC',
  key = euiccKey,
  eum = eumCertificate,
}: AuthenticateFacts = {}): Es9Request<'authenticateClient'> {
  const signed = encodeWithBytes(EuiccSigned1, {
    transactionId: fromHex(signedId),
    serverAddress,
    serverChallenge,
    euiccInfo2: encodeWithBytes(EUICCInfo2, euiccInfo2),
    ctxParams1: encodeWithBytes(CtxParams1, {
      ctxParamsForCommonAuthentication: {
        ...(matchingId !== '' && { matchingId }),
        deviceInfo: { tac: fromHex('35290611'), deviceCapabilities: {} },
      },
    }),
  });
  return authenticateResponse({
    authenticateResponseOk: {
      euiccSigned1: signed,
      euiccSignature1: encodeWithBytes(Signature, key.sign(signed.bytes)),
      euiccCertificate,
      eumCertificate: eum,
    },
  });
}

const euiccInfo2: EUICCInfo2 = {
  profileVersion: version,
  svn: version,
  euiccFirmwareVer: version,
  extCardResource: fromHex('810100820400040000'),
  uiccCapability: new Set([1, 4]),
  rspCapability: new Set([0]),
  euiccCiPKIdListForVerification: [ciPKId],
  euiccCiPKIdListForSigning: [ciPKId],
  ppVersion: version,
  sasAcreditationNumber: 'none',
};

export function authenticateErrorRequest(): Es9Request<'authenticateClient'> {
  return authenticateResponse({
    authenticateResponseError: {
      transactionId: fromHex(transactionId),
      authenticateErrorCode: authenticateErrorCodes.ciPKUnknown,
    },
  });
}

function authenticateResponse(value: AuthenticateServerResponse): Es9Request<'authenticateClient'> {
  const bytes = encode(AuthenticateServerResponse, value);
  return {
    transactionId,
    authenticateServerResponse: decodeWithBytes(AuthenticateServerResponse, bytes),
  };
}

export type PrepareFacts = {
  readonly signedId?: string;
  readonly euiccOtpk: Uint8Array;
  readonly hashCc?: Uint8Array;
  readonly key?: LocalSigningKey;
};

export function packageRequest({
  signedId = transactionId,
  euiccOtpk,
  hashCc,
  key = euiccKey,
}: PrepareFacts): Es9Request<'getBoundProfilePackage'> {
  const signed = encodeWithBytes(EUICCSigned2, {
    transactionId: fromHex(signedId),
    euiccOtpk,
    ...(hashCc !== undefined && { hashCc }),
  });
  return prepareResponse({
    downloadResponseOk: {
      euiccSigned2: signed,
      euiccSignature2: encodeWithBytes(Signature, key.sign(signed.bytes, authenticated.smdpSignature2)),
    },
  });
}

export function packageErrorRequest(): Es9Request<'getBoundProfilePackage'> {
  return prepareResponse({
    downloadResponseError: {
      transactionId: fromHex(transactionId),
      downloadErrorCode: downloadErrorCodes.invalidSignature,
    },
  });
}

function prepareResponse(value: PrepareDownloadResponse): Es9Request<'getBoundProfilePackage'> {
  const bytes = encode(PrepareDownloadResponse, value);
  return { transactionId, prepareDownloadResponse: decodeWithBytes(PrepareDownloadResponse, bytes) };
}

/** The refusal of a decision, thrown or returned: its codes, its check and what it saves. */
export async function refusalOf(
  decide: () => Decision<unknown> | Promise<Decision<unknown>>,
): Promise<{ readonly codes: string; readonly check: string; readonly save: readonly Change[] }> {
  const described = ({ status, check }: Refusal, save: readonly Change[]) => ({
    codes: `${status.subjectCode}/${status.reasonCode}`,
    check,
    save,
  });
  try {
    const decision = await decide();
    assert.ok('refusal' in decision, 'it should have been refused');
    return described(decision.refusal, decision.save);
  } catch (error) {
    if (error instanceof Refusal) return described(error, []);
    throw error;
  }
}
