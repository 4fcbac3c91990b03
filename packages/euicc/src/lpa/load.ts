import { DerError, decode, equal } from '@esim-rsp/codec';
import { bppCommandIds, errorReasons, ProfileInstallationResult } from '@esim-rsp/sgp22/asn1/notification';
import type { Offer } from './authenticate.ts';
import { type ReadPackage, readPackage } from './bound-profile-package.ts';
import { giveUp } from './cancel.ts';
import { errorName, transmit } from './es10.ts';
import { LpaFailure } from './failure.ts';
import type { LpaEnv } from './ports.ts';

const STEP = 'loadBoundProfilePackage';

/** Sends the package to the card, segment by segment (SGP.22 3.1.3.3); resolves to the AID of the new ISD-P. */
export async function load(boundProfilePackage: Uint8Array, offer: Offer, env: LpaEnv): Promise<Uint8Array> {
  const seen = readPackage(boundProfilePackage);
  if (seen === undefined)
    return await giveUp(
      new LpaFailure(STEP, 'the server did not send a Bound Profile Package'),
      'undefinedReason',
      offer,
      env,
    );
  if (!equal(seen.metadata, offer.metadata.bytes))
    return await giveUp(
      new LpaFailure(STEP, 'the server sent another profile than it offered: the metadata differs', {
        advice: 'do not trust this server, and report it to the operator',
      }),
      'metadataMismatch',
      offer,
      env,
    );
  const result = await sendAll(seen, offer, env);
  return readInstalled(result, env);
}

/** The card answers with data when the installation has ended, with success or not; nothing more is sent then. */
async function sendAll({ segments }: ReadPackage, offer: Offer, env: LpaEnv): Promise<Uint8Array> {
  for (const segment of segments) {
    const data = await transmit(env.es10, STEP, segment).catch(async (error) => {
      if (!(error instanceof LpaFailure)) throw error;
      return await giveUp(error, 'loadBppExecutionError', offer, env);
    });
    if (data.length > 0) return data;
  }
  const silent = new LpaFailure(STEP, 'the eUICC accepted the whole package without a result');
  return await giveUp(silent, 'loadBppExecutionError', offer, env);
}

function readInstalled(data: Uint8Array, { onStep }: LpaEnv): Uint8Array {
  const { finalResult } = readResult(data).profileInstallationResultData.value;
  if ('errorResult' in finalResult) {
    const { errorReason, bppCommandId } = finalResult.errorResult;
    const name = errorName(errorReasons, errorReason);
    const command = errorName(bppCommandIds, bppCommandId);
    const [meaning = 'the eUICC could not install the profile', advice] = reasons[name] ?? [];
    throw new LpaFailure(STEP, `${meaning} (${name} at ${command})`, advice === undefined ? {} : { advice });
  }
  onStep({ name: STEP, text: 'the profile is installed, disabled' });
  return finalResult.successResult.aid;
}

function readResult(data: Uint8Array): ProfileInstallationResult {
  try {
    return decode(ProfileInstallationResult, data);
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
    throw new LpaFailure(
      STEP,
      `the result of the eUICC cannot be read: ${error.message}`,
      {},
      { cause: error },
    );
  }
}

const AGAIN = 'start the download again';

const reasons: Readonly<Record<string, readonly [meaning: string, advice?: string]>> = {
  incorrectInputValues: ['a value in the package is wrong'],
  invalidSignature: ['the signature of the package is wrong', AGAIN],
  invalidTransactionId: ['the package belongs to another session', AGAIN],
  scp03tStructureError: ['the protection of the package cannot be read', AGAIN],
  scp03tSecurityError: ['the package was changed on its way', AGAIN],
  installFailedDueToIccidAlreadyExistsOnEuicc: [
    'a profile with this ICCID is on the eUICC already',
    'delete it first, or use another activation code',
  ],
  installFailedDueToInsufficientMemoryForProfile: [
    'the eUICC has not enough memory',
    'delete a profile that is not needed',
  ],
  installFailedDueToPEProcessingError: [
    'the eUICC does not understand the profile package',
    'ask the operator to correct the package',
  ],
  installFailedDueToDataMismatch: [
    'the ICCID of the package is not the one of its metadata',
    'ask the operator to correct the package',
  ],
  pprNotAllowed: ['the eUICC does not allow the policy rules of the profile'],
};
