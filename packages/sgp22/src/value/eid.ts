import { fromHex, toHex } from '@esim-rsp/codec';
import { ValueError } from './value-error.ts';

/** eUICC Identifier: 32 decimal digits (SGP.29). */
export type Eid = string & { readonly brand: 'Eid' };

/** Reads 32 digits. The check digits are not verified: some real test cards have wrong ones. Throws a ValueError. */
export function parseEid(text: string): Eid {
  if (!/^\d{32}$/.test(text)) throw new ValueError('an EID has 32 decimal digits');
  return text as Eid;
}

/** Whether the last two digits are the check digits: the whole number modulo 97 is 1. */
export function hasValidCheckDigits(eid: Eid): boolean {
  return BigInt(eid) % 97n === 1n;
}

/** 16 octets of BCD in reading order. */
export function eidToBytes(eid: Eid): Uint8Array {
  return fromHex(eid);
}

export function eidFromBytes(bytes: Uint8Array): Eid {
  return parseEid(toHex(bytes));
}

/** Adds the two check digits to 30 digits, so that the number modulo 97 is 1. */
export function completeEid(thirtyDigits: string): Eid {
  if (!/^\d{30}$/.test(thirtyDigits)) throw new ValueError('30 decimal digits are needed to complete an EID');
  const check = 98n - (BigInt(`${thirtyDigits}00`) % 97n);
  return parseEid(thirtyDigits + check.toString().padStart(2, '0'));
}

/** The EID that `esim phone create` uses by default; the demo has a profile for it. */
export const demoEid: Eid = completeEid('890490320000000000000000000001');
