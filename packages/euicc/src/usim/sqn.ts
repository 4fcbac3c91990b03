import { concat } from '@esim-rsp/codec';

/** Sequence numbers of 6 octets: SEQ in 43 bits, then IND in 5 (3GPP TS 33.102 C.3.2). A card keeps the highest SEQ of each IND. */
const OCTETS = 6;
const INDEXES = 32;
const IND_BITS = 5n;
/** How far ahead a SEQ may be: beyond, the counter would be used up too fast (C.2.1). */
const DELTA = 1n << 28n;

/** The sequence numbers that a new card has: all zero. */
export const NEW_SQNS: Uint8Array = new Uint8Array(INDEXES * OCTETS);

function numberIn(octets: Uint8Array): bigint {
  return octets.reduce((sum, octet) => (sum << 8n) | BigInt(octet), 0n);
}

function entryAt(sqns: Uint8Array, index: number): Uint8Array {
  return sqns.subarray(index * OCTETS, (index + 1) * OCTETS);
}

/** The sequence numbers after this one; undefined if it is not fresh (C.2.2). */
export function acceptSqn(sqns: Uint8Array, sqn: Uint8Array): Uint8Array | undefined {
  const index = (sqn.at(-1) ?? 0) % INDEXES;
  const [seq, last] = [sqn, entryAt(sqns, index)].map((octets) => numberIn(octets) >> IND_BITS) as [
    bigint,
    bigint,
  ];
  if (seq <= last || seq - last > DELTA) return undefined;
  return concat(sqns.subarray(0, index * OCTETS), sqn, sqns.subarray((index + 1) * OCTETS));
}

/** The highest one that was accepted: a card that loses step reports it. */
export function highestSqn(sqns: Uint8Array): Uint8Array {
  const entries = Array.from({ length: INDEXES }, (_, index) => entryAt(sqns, index));
  return entries.reduce((highest, entry) => (numberIn(entry) > numberIn(highest) ? entry : highest));
}
