import { type Es9Channel, execute } from '@esim-rsp/euicc';
import type { Es10Function } from '@esim-rsp/euicc/es10/command';
import { misbehaving } from '@esim-rsp/euicc/fault/card';
import { misdirected } from '@esim-rsp/euicc/fault/es9';
import type { Issuers } from '@esim-rsp/euicc/fault/identity';
import { type FaultName, faults, type NamedFault } from '@esim-rsp/euicc/fault/named';
import { readPkiDirectory } from '@esim-rsp/server/keys/pki-directory';
import type { Config } from '@esim-rsp/server/process/config';
import { type Curve, generateSigningKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { PkiError, type PkiFiles } from '@esim-rsp/sgp22/pki/files';
import { readCi, readEum } from '@esim-rsp/sgp22/pki/pki-set';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';
import type { Command } from 'commander';
import { CliError } from '../command.ts';
import { valueBy } from '../values.ts';

export type FaultOption = { readonly fault?: FaultName };

/** Adds the option that makes a phone misbehave. */
export function faultOption(command: Command): Command {
  return command.option(
    '--fault <name>',
    "do one thing wrong, to see what the server does; 'esim phone faults' lists them",
    valueBy(faultNamed),
  );
}

function faultNamed(name: string): FaultName {
  if (Object.hasOwn(faults, name)) return name as FaultName;
  throw new ValueError("there is no such fault: 'esim phone faults' lists them");
}

/** How the parts of a phone do a thing wrong. */
export type Misdeed = {
  readonly execute: Es10Function;
  readonly es9: (own: Es9Channel) => Es9Channel;
  /** Where it shows. */
  readonly step: NamedFault['step'];
};

/** Undefined: the phone behaves. Faulty certificates are made with the keys of the server's PKI. */
export async function misdeedOf(
  { fault: name }: FaultOption,
  { pkiDir }: Config,
): Promise<Misdeed | undefined> {
  if (name === undefined) return undefined;
  const { fault, step }: NamedFault = faults[name];
  const files = fault.identity === undefined ? undefined : await readPkiDirectory(pkiDir);
  const issuersOn = (curve: Curve) => files && issuersFrom(files, curve);
  if (
    fault.identity !== undefined &&
    issuersOn('P-256') === undefined &&
    issuersOn('brainpoolP256r1') === undefined
  )
    throw new CliError(
      `faulty certificates are made with the keys of CI and EUM, which the PKI in ${pkiDir} does not have`,
    );
  return {
    execute: misbehaving(execute, fault, issuersOn),
    es9: (own) => misdirected(own, fault, systemRandom),
    step,
  };
}

function issuersFrom(files: PkiFiles, curve: Curve): Issuers | undefined {
  const env = { random: systemRandom, now: Date.now(), generateKey: generateSigningKey };
  try {
    return { env, curve, ci: readCi(files, curve), eum: readEum(files, curve) };
  } catch (error) {
    if (error instanceof PkiError) return undefined;
    throw error;
  }
}

/** Whether it is the card that does it, and not the LPA. */
export function isOfCard({ fault }: NamedFault): boolean {
  const ofLpa = ['initiateAuthentication', 'authenticateClient', 'getBoundProfilePackage', 'cancelSession'];
  return Object.keys(fault).some((part) => !ofLpa.includes(part));
}
