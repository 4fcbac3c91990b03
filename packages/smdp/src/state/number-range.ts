import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';

/** ICCIDs from `first` to `last`, both included, as texts: `last` is filled up with nines to 20 digits, so that it is after all that begin like it. */
export type NumberRange = { readonly first: string; readonly last: string };

const LONGEST = 20;

/** Reads a prefix of ICCIDs (`8988303`), or the first and the last one (`89883030000-89883034999`); throws a ValueError. */
export function parseNumberRange(text: string): NumberRange {
  const [, first, last = first] = /^(\d{5,20})(?:-(\d{5,20}))?$/.exec(text) ?? [];
  if (first === undefined || last === undefined)
    throw new ValueError(
      'a prefix of 5 to 20 digits, or two of the same length with - between them, is expected',
    );
  if (first.length !== last.length || first > last)
    throw new ValueError(
      'the first and the last number have the same length, and the first is not above the last',
    );
  return { first, last: last.padEnd(LONGEST, '9') };
}

/** The range as it is written: a prefix where it is one. */
export function formatNumberRange({ first, last }: NumberRange): string {
  const end = last.slice(0, first.length);
  return first === end ? first : `${first}-${end}`;
}

/** Whether an ICCID is in the range. Texts of digits are compared, so its length does not matter. */
export function isInRange(iccid: Iccid, { first, last }: NumberRange): boolean {
  return first <= iccid && iccid <= last;
}
