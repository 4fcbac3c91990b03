import { type FaultName, faults } from '@esim-rsp/euicc/fault';
import { type PhoneFault, prepareFault } from '@esim-rsp/phone';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';
import type { Command } from 'commander';
import { readOpenedPki } from '../pki/sealed.ts';
import { serverAddresses } from '../running.ts';
import { valueBy } from '../values.ts';

export type FaultOption = { readonly fault?: FaultName };

/** Adds the option that makes a phone do something wrong. */
export function faultOption(command: Command): Command {
  return command.option(
    '--fault <name>',
    "do one thing wrong, to test the server; 'esim phone faults' lists the faults",
    valueBy(faultNamed),
  );
}

function faultNamed(name: string): FaultName {
  if (Object.hasOwn(faults, name)) return name as FaultName;
  throw new ValueError("there is no such fault: 'esim phone faults' lists them");
}

/** The fault of the option; undefined without it. Wrong certificates are created with the keys in the PKI of the server. */
export async function readFault({ fault }: FaultOption): Promise<PhoneFault | undefined> {
  return fault === undefined ? undefined : prepareFault(fault, await readOpenedPki(serverAddresses().pkiDir));
}
