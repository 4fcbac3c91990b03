import type { Es10Function } from '@esim-rsp/euicc';
import { type Es9Channel, execute } from '@esim-rsp/euicc';
import type { Issuers } from '@esim-rsp/euicc/fault';
import { type FaultName, faults, faultyCard, faultyEs9, type NamedFault } from '@esim-rsp/euicc/fault';
import { type Curve, curves, generateSigningKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { PkiError, type PkiFiles } from '@esim-rsp/sgp22/pki/files';
import { readCi, readEum } from '@esim-rsp/sgp22/pki/pki-set';
import { PhoneError } from './phone-error.ts';

/** A fault, ready for a phone: what its card and its LPA do instead. */
export type PhoneFault = {
  readonly execute: Es10Function;
  readonly es9: (correct: Es9Channel) => Es9Channel;
  /** The function of ES9+ at which the server can see it. */
  readonly step: NamedFault['step'];
};

/**
 * Prepares a fault for `openPhone`. Wrong certificates are created with the keys of the CI and the EUM in `pki`; a PhoneError if it has
 * no such keys.
 */
export function prepareFault(name: FaultName, pki?: PkiFiles): PhoneFault {
  const { fault, step }: NamedFault = faults[name];
  const issuersOn = (curve: Curve) => pki && readIssuers(pki, curve);
  if (fault.identity !== undefined && !curves.some((curve) => issuersOn(curve) !== undefined))
    throw new PhoneError(
      'no-issuer',
      `the fault ${name} needs the keys of a CI and an EUM, which the PKI does not have`,
    );
  return {
    execute: faultyCard(execute, fault, issuersOn),
    es9: (correct) => faultyEs9(correct, fault, systemRandom),
    step,
  };
}

function readIssuers(files: PkiFiles, curve: Curve): Issuers | undefined {
  const env = { random: systemRandom, now: Date.now(), generateKey: generateSigningKey };
  try {
    return { env, curve, ci: readCi(files, curve), eum: readEum(files, curve) };
  } catch (error) {
    if (error instanceof PkiError) return undefined;
    throw error;
  }
}

/** Whether the fault is one of the card; else it is one of the LPA. */
export function isCardFault({ fault }: NamedFault): boolean {
  const ofLpa = ['initiateAuthentication', 'authenticateClient', 'getBoundProfilePackage', 'cancelSession'];
  return Object.keys(fault).some((part) => !ofLpa.includes(part));
}
