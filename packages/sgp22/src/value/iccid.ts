import { fromHex, toHex } from '@esim-rsp/codec';
import { swappedDigits } from './bcd.ts';
import { ValueError } from './value-error.ts';

/** Integrated Circuit Card Identifier: 19 or 20 decimal digits (ITU-T E.118). */
export type Iccid = string & { readonly brand: 'Iccid' };

/** Reads 19 or 20 digits. The Luhn digit is not verified. Throws a ValueError. */
export function parseIccid(text: string): Iccid {
  if (!/^\d{19,20}$/.test(text)) throw new ValueError('an ICCID has 19 or 20 decimal digits');
  return text as Iccid;
}

/** Reads the forms of ES2+: 18 to 20 digits, a trailing F as padding (SGP.22 5.3.1). */
export function parsePaddedIccid(text: string): Iccid {
  if (!/^\d{18,20}F{0,2}$/i.test(text))
    throw new ValueError('an ICCID has 18 to 20 decimal digits, padded with F');
  return text.replace(/F+$/i, '') as Iccid;
}

/** EF.ICCID: nibble-swapped BCD, ten octets. */
export function iccidToSwappedBcd(iccid: Iccid): Uint8Array {
  const bytes = new Uint8Array(10).fill(0xff);
  for (let i = 0; i < iccid.length; i++) {
    const digit = iccid.charCodeAt(i) - 0x30;
    bytes[i >> 1] = i % 2 === 0 ? 0xf0 | digit : (digit << 4) | ((bytes[i >> 1] as number) & 0x0f);
  }
  return bytes;
}

/** From EF.ICCID content; throws a ValueError if a nibble is not a digit. */
export function iccidFromSwappedBcd(bytes: Uint8Array): Iccid {
  return iccidOfOctets(bytes, swappedDigits);
}

/** Profile package header: BCD in reading order, padded with F. */
export function iccidToBcd(iccid: Iccid): Uint8Array {
  return fromHex(iccid.padEnd(20, 'F'));
}

export function iccidFromBcd(bytes: Uint8Array): Iccid {
  return iccidOfOctets(bytes, toHex);
}

/** `digitsIn` is called for no more octets than an ICCID has: a package may have any number. */
function iccidOfOctets(bytes: Uint8Array, digitsIn: (bytes: Uint8Array) => string): Iccid {
  const iccid = bytes.length > 10 ? '' : digitsIn(bytes).replace(/f+$/, '');
  if (!/^\d{18,20}$/.test(iccid)) throw new ValueError('the BCD octets are not an ICCID of 18 to 20 digits');
  return iccid as Iccid;
}

/** The check digit that completes the digits (ISO/IEC 7812-1 annex B). */
export function luhnDigit(digits: string): string {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i]);
    sum += i % 2 === 0 ? (digit * 2 > 9 ? digit * 2 - 9 : digit * 2) : digit;
  }
  return String((10 - (sum % 10)) % 10);
}
