import { ValueError } from './value-error.ts';

/** The AC token or EventID with which a device requests its order (SGP.22 4.1.1). Empty: the SM-DP+ finds the order by EID. */
export type MatchingId = string & { readonly brand: 'MatchingId' };

/** Whether the text has the characters of a MatchingID only, at most 80. */
export function isMatchingId(text: string): text is MatchingId {
  return /^[0-9A-Z-]{0,80}$/.test(text);
}

/** Reads digits, upper-case letters and `-`, at most 80 characters; empty is allowed. */
export function parseMatchingId(text: string): MatchingId {
  if (!isMatchingId(text))
    throw new ValueError("a MatchingID has up to 80 digits, upper-case letters and '-'");
  return text;
}

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'; // Crockford: no I, L, O, U

/** A MatchingID of 100 random bits from 13 random octets, in four groups of five. */
export function matchingIdFrom(random: Uint8Array): MatchingId {
  let bits = 0n;
  for (const octet of random.subarray(0, 13)) bits = bits * 256n + BigInt(octet);
  let symbols = '';
  for (let i = 0; i < 20; i++) {
    symbols += ALPHABET[Number(bits % 32n)];
    bits /= 32n;
  }
  return (symbols.match(/.{5}/g) as string[]).join('-') as MatchingId;
}
