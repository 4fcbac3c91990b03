import { DerError, decode, equal } from '@esim-rsp/codec';
import { bppCommandIds, errorReasons, ProfileInstallationResult } from '@esim-rsp/sgp22/asn1/notification';
import type { Offer } from './authenticate.ts';
import { type SeenPackage, seenPackage } from './bound-profile-package.ts';
import { giveUp } from './cancel.ts';
import { errorName, transmit } from './es10.ts';
import { LpaFailure } from './failure.ts';
import type { LpaEnv } from './ports.ts';

const STEP = 'loadBoundProfilePackage';

/** Gives the package to the card, segment by segment (SGP.22 3.1.3.3); resolves to the AID of the new ISD-P. */
export async function load(boundProfilePackage: Uint8Array, offer: Offer, env: LpaEnv): Promise<Uint8Array> {
  const seen = seenPackage(boundProfilePackage);
  if (seen === undefined)
    return await giveUp(
      new LpaFailure(STEP, 'what the server sent is no Bound Profile Package'),
      'undefinedReason',
      offer,
      env,
    );
  if (!equal(seen.metadata, offer.metadata.bytes))
    return await giveUp(
      new LpaFailure(STEP, 'the profile that came is not the one that was offered: its metadata differ', {
        advice: 'tell the operator: this server must not be trusted',
      }),
      'metadataMismatch',
      offer,
      env,
    );
  const result = await sendAll(seen, offer, env);
  return installed(result, env);
}

/** The card answers with data when the installation has ended, well or not; then nothing more is sent. */
async function sendAll({ segments }: SeenPackage, offer: Offer, env: LpaEnv): Promise<Uint8Array> {
  for (const segment of segments) {
    const data = await transmit(env.es10, STEP, segment).catch(async (error) => {
      if (!(error instanceof LpaFailure)) throw error;
      return await giveUp(error, 'loadBppExecutionError', offer, env);
    });
    if (data.length > 0) return data;
  }
  const silent = new LpaFailure(STEP, 'the eUICC took the whole package without a result');
  return await giveUp(silent, 'loadBppExecutionError', offer, env);
}

function installed(data: Uint8Array, { onStep }: LpaEnv): Uint8Array {
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
  incorrectInputValues: ['a value in the package is not what it should be'],
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
    'tell the operator: the package has to be corrected',
  ],
  installFailedDueToDataMismatch: [
    'the ICCID of the package is not the one of its metadata',
    'tell the operator: the package has to be corrected',
  ],
  pprNotAllowed: ['the eUICC does not allow the policy rules of the profile'],
};
