import { type Der, DerError, encodeWithBytes, fromHex, toHex, withBytes } from '@esim-rsp/codec';
import {
  AuthenticateServerRequest,
  AuthenticateServerResponse,
  authenticateErrorCodes,
  CtxParams1,
} from '@esim-rsp/sgp22/asn1/authentication';
import type { StoreMetadataRequest } from '@esim-rsp/sgp22/asn1/bound-profile-package';
import {
  GetEuiccChallengeRequest,
  GetEuiccChallengeResponse,
  GetEuiccInfo1Request,
} from '@esim-rsp/sgp22/asn1/es10';
import { EUICCInfo1 } from '@esim-rsp/sgp22/asn1/euicc-info';
import type { Es9Response } from '@esim-rsp/sgp22/functions/es9plus';
import { readCertificate } from '@esim-rsp/sgp22/pki/certificate';
import { sameSmdpAddress } from '@esim-rsp/sgp22/value/activation-code';
import type { TransactionId } from '@esim-rsp/sgp22/value/transaction-id';
import { callEs9 } from './es9.ts';
import { callEs10, errorName } from './es10.ts';
import { LpaFailure } from './failure.ts';
import type { LpaEnv } from './ports.ts';

/** Where to download, as an activation code or the default SM-DP+ address says. */
export type Source = {
  readonly smdpAddress: string;
  /** Absent: the server finds the order by the EID. */
  readonly matchingId?: string;
  /** The server must be this SM-DP+. */
  readonly smdpOid?: string;
};

/** The state after mutual authentication of card and server: the profile that the server offers. */
export type Offer = {
  readonly smdpAddress: string;
  readonly transactionId: TransactionId;
  readonly metadata: Der<StoreMetadataRequest>;
  readonly answer: Es9Response<'authenticateClient'>;
};

/** Common mutual authentication and the eligibility check (SGP.22 3.0.1, 3.1.3 steps 1 to 8). */
export async function authenticate(source: Source, env: LpaEnv): Promise<Offer> {
  const initiated = await initiate(source, env);
  const authenticateServerResponse = await showServer(source, initiated, env);
  const { transactionId } = initiated;
  const answer = await callEs9(env.es9, source.smdpAddress, 'authenticateClient', {
    transactionId,
    authenticateServerResponse,
  });
  mustBeSameTransaction('authenticateClient', transactionId, answer.transactionId);
  const { serviceProviderName, profileName } = answer.profileMetadata.value;
  env.onStep({
    name: 'authenticateClient',
    text: `the server accepts the eUICC and offers "${profileName}" of "${serviceProviderName}"`,
  });
  const { smdpAddress } = source;
  return { smdpAddress, transactionId, metadata: answer.profileMetadata, answer };
}

type Initiated = Es9Response<'initiateAuthentication'>;

async function initiate(source: Source, { es9, es10, onStep }: LpaEnv): Promise<Initiated> {
  const euiccInfo1 = await callEs10(
    es10,
    { step: 'getEuiccInfo', request: GetEuiccInfo1Request, response: withBytes(EUICCInfo1) },
    {},
  );
  const { euiccChallenge } = await callEs10(
    es10,
    { step: 'getEuiccInfo', request: GetEuiccChallengeRequest, response: GetEuiccChallengeResponse },
    {},
  );
  onStep({
    name: 'getEuiccInfo',
    text: `the eUICC supports SGP.22 ${[...euiccInfo1.value.svn].join('.')} and has generated a challenge`,
  });
  const { smdpAddress } = source;
  const request = { euiccChallenge, euiccInfo1, smdpAddress };
  const initiated = await callEs9(es9, smdpAddress, 'initiateAuthentication', request);
  checkServer(source, initiated);
  onStep({
    name: 'initiateAuthentication',
    text: `${smdpAddress} opened the session ${initiated.transactionId}`,
    transactionId: initiated.transactionId,
  });
  return initiated;
}

/** What the LPA checks before the card (3.0.1): transaction, address, and the OID of the activation code. */
function checkServer(
  { smdpAddress, smdpOid }: Source,
  { transactionId, serverSigned1, serverCertificate }: Initiated,
): void {
  const fail = (message: string, advice: string) =>
    new LpaFailure('initiateAuthentication', message, { advice });
  const signed = serverSigned1.value;
  mustBeSameTransaction(
    'initiateAuthentication',
    transactionId,
    toHex(signed.transactionId).toUpperCase() as TransactionId,
  );
  if (!sameSmdpAddress(signed.serverAddress, smdpAddress))
    throw fail(
      `the server says that it is ${signed.serverAddress}, but the request was for ${smdpAddress}`,
      'use the address that is configured on the server (ESIM_SMDP_ADDRESS)',
    );
  const oids = oidsOf(serverCertificate);
  if (smdpOid !== undefined && !oids.includes(smdpOid))
    throw fail(
      `the server is SM-DP+ ${oids.join(', ') || 'without an OID'}, the activation code asks for ${smdpOid}`,
      'ask the operator for the right activation code',
    );
}

function oidsOf(certificate: Initiated['serverCertificate']): readonly string[] {
  try {
    return readCertificate(certificate).registeredIds;
  } catch (error) {
    if (error instanceof DerError) return [];
    throw error;
  }
}

export function mustBeSameTransaction(
  step: 'initiateAuthentication' | 'authenticateClient' | 'getBoundProfilePackage',
  expected: TransactionId,
  found: TransactionId,
): void {
  if (expected !== found)
    throw new LpaFailure(step, `the server answered for session ${found}, this one is ${expected}`);
}

/** TAC of test equipment, and a phone of 3GPP release 15. */
const deviceInfo = {
  tac: fromHex('00101234'),
  deviceCapabilities: {
    utranSupportedRelease: fromHex('0f0000'),
    eutranEpcSupportedRelease: fromHex('0f0000'),
    nr5gcSupportedRelease: fromHex('0f0000'),
    lpaSvn: fromHex('020500'),
  },
};

const serverFaults: Readonly<Record<string, string>> = {
  invalidCertificate: 'its certificate is not valid',
  invalidSignature: 'its signature is wrong',
  unsupportedCurve: 'the curve of its certificate is not supported',
  invalidOid: 'its certificate is not one of an SM-DP+',
  euiccChallengeMismatch: 'it did not sign the challenge of this eUICC',
  ciPKUnknown: 'it is under a CI that this eUICC does not know',
};

/** ES10b.AuthenticateServer. An error of the card is sent to the server too, so that it can end its session. */
async function showServer(
  { matchingId, smdpAddress }: Source,
  initiated: Initiated,
  { es9, es10, onStep }: LpaEnv,
): Promise<Der<AuthenticateServerResponse>> {
  const { transactionId, serverSigned1, serverSignature1, euiccCiPKIdToBeUsed, serverCertificate } =
    initiated;
  const ctxParamsForCommonAuthentication = { ...(matchingId !== undefined && { matchingId }), deviceInfo };
  const authenticateServerResponse = await callEs10(
    es10,
    {
      step: 'authenticateServer',
      request: AuthenticateServerRequest,
      response: withBytes(AuthenticateServerResponse),
    },
    {
      serverSigned1,
      serverSignature1,
      euiccCiPKIdToBeUsed: euiccCiPKIdToBeUsed.value,
      serverCertificate,
      ctxParams1: encodeWithBytes(CtxParams1, { ctxParamsForCommonAuthentication }),
    },
  );
  const { value: response } = authenticateServerResponse;
  if ('authenticateResponseError' in response) {
    const request = { transactionId, authenticateServerResponse };
    await callEs9(es9, smdpAddress, 'authenticateClient', request).catch(onlyLpaFailure);
    const name = errorName(authenticateErrorCodes, response.authenticateResponseError.authenticateErrorCode);
    throw new LpaFailure(
      'authenticateServer',
      `the eUICC refuses the server: ${serverFaults[name] ?? 'it gives no reason'} (${name})`,
      { advice: 'use a phone and a server under the same CI' },
    );
  }
  onStep({ name: 'authenticateServer', text: 'the eUICC accepts the server and has signed its challenge' });
  return authenticateServerResponse;
}

/** For `catch`: ignores a failure of the LPA, because the first failure is the one to report. */
export function onlyLpaFailure(error: unknown): undefined {
  if (!(error instanceof LpaFailure)) throw error;
}
