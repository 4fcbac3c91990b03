import { concat } from '@esim-rsp/codec';
import { swappedDigits } from '../value/bcd.ts';
import { ValueError } from '../value/value-error.ts';
import { fitsSimText, readSimText, writeSimText } from './sim-text.ts';
import { ff } from './template.ts';

/** EF.IMSI (3GPP TS 31.102 4.2.2): length, then nibble-swapped digits behind a type nibble. undefined: nothing is written. */
export function imsiFromFile(content: Uint8Array): string | undefined {
  const length = content[0];
  if (length === undefined || length === 0xff) return undefined;
  if (length < 1 || length > 8 || content.length < 1 + length)
    throw new ValueError('EF.IMSI does not hold an IMSI');
  const digits = swappedDigits(content.subarray(1, 1 + length));
  const imsi = digits.slice(1).replace(/f+$/, '');
  if (!/^\d{6,15}$/.test(imsi)) throw new ValueError('EF.IMSI does not hold an IMSI');
  return imsi;
}

/** The content of EF.IMSI: nine octets. */
export function imsiToFile(imsi: string): Uint8Array {
  const nibbles = (imsi.length % 2 === 1 ? '9' : '1') + imsi + (imsi.length % 2 === 1 ? '' : 'f');
  const content = ff(9);
  content[0] = nibbles.length / 2;
  for (let i = 0; i < nibbles.length / 2; i++)
    content[1 + i] = Number.parseInt(`${nibbles[2 * i + 1]}${nibbles[2 * i]}`, 16);
  return content;
}

/** Octets of the name in EF.SPN, behind its display condition (4.2.12). */
const NAME_SIZE = 16;

/** EF.SPN (4.2.12): a display condition, then the name. undefined: nothing is written. */
export function serviceProviderNameFromFile(content: Uint8Array): string | undefined {
  return readSimText(content.subarray(1));
}

/**
 * The content of EF.SPN: seventeen octets. Bit 1 of the display condition: show the name of the network too, also where
 * it is the home network. Throws a ValueError for a name that does not fit.
 */
export function serviceProviderNameToFile(name: string): Uint8Array {
  try {
    return concat(Uint8Array.of(0x01), writeSimText(name, NAME_SIZE));
  } catch (error) {
    if (error instanceof ValueError) throw new ValueError(error.expected, { field: 'serviceProviderName' });
    throw error;
  }
}

/** Whether EF.SPN has room for the name; a longer one can only be in the metadata of the Profile. */
export function fitsServiceProviderName(name: string): boolean {
  return fitsSimText(name, NAME_SIZE);
}

/** A number as SIM files hold it (3GPP TS 31.102 4.2.26): octets that follow, type of number, ten octets of BCD. */
export function phoneNumberToFile(text: string): Uint8Array {
  const digits = text.replace('+', '');
  const bcd = ff(10);
  for (let i = 0; i < digits.length; i += 2)
    bcd[i / 2] = Number.parseInt(`${digits[i + 1] ?? 'f'}${digits[i]}`, 16);
  const type = text.startsWith('+') ? 0x91 : 0x81;
  return concat(Uint8Array.of(1 + Math.ceil(digits.length / 2), type), bcd);
}

/** Octets of a record of EF.MSISDN behind the name, whose length varies. */
const BEHIND_NAME = 14;

/** The number in a record of EF.MSISDN (4.2.26), with + if it is international. undefined: there is none, or it is not of digits alone. */
export function phoneNumberFromRecord(record: Uint8Array): string | undefined {
  const [length = 0, type = 0, ...bcd] = record.subarray(-BEHIND_NAME);
  if (record.length < BEHIND_NAME || length < 2 || length > 11) return undefined;
  const digits = swappedDigits(Uint8Array.from(bcd).subarray(0, length - 1)).replace(/f$/i, '');
  if (!/^\d{1,20}$/.test(digits)) return undefined;
  return (type & 0x70) === 0x10 ? `+${digits}` : digits;
}
