import { fromHex, toHex } from '@esim-rsp/codec';
import { ValueError } from './value-error.ts';

/** MCC and MNC as three octets (3GPP TS 24.008 10.5.1.13): `MCC2 MCC1, MNC3 MCC3, MNC2 MNC1`, F for a missing third digit. */
export function mccMncToBcd(digits: string): Uint8Array {
  const found = /^(\d)(\d)(\d)(\d)(\d)(\d?)$/.exec(digits);
  if (found === null) throw new ValueError('an MCC with its MNC has 5 or 6 digits');
  const [, mcc1, mcc2, mcc3, mnc1, mnc2, mnc3] = found;
  return fromHex(`${mcc2}${mcc1}${mnc3 || 'f'}${mcc3}${mnc2}${mnc1}`);
}

/** The digits of three octets. A wildcard or filler digit in the middle remains a hexadecimal letter. */
export function mccMncFromBcd(octets: Uint8Array): string {
  const [mcc2, mcc1, mnc3, mcc3, mnc2, mnc1] = toHex(octets);
  return `${mcc1}${mcc2}${mcc3}${mnc1}${mnc2}${mnc3 === 'f' ? '' : mnc3}`;
}
