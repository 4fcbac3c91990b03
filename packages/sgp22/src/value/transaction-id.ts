import { toHex } from '@esim-rsp/codec';
import type { Random } from '../crypto/random.ts';
import { ValueError } from './value-error.ts';

/** The identifier of an RSP session: 1 to 16 octets as upper-case hexadecimal text, as in the JSON binding (SGP.22 6.5.2). */
export type TransactionId = string & { readonly brand: 'TransactionId' };

/** Reads 2 to 32 hex digits of either case. */
export function parseTransactionId(text: string): TransactionId {
  if (!/^(?:[0-9A-Fa-f]{2}){1,16}$/.test(text))
    throw new ValueError('a transactionId has 2 to 32 hex digits');
  return text.toUpperCase() as TransactionId;
}

/** Octets of a generated TransactionID: the maximum of the specification. */
const LENGTH = 16;
const TIME_LENGTH = 6;

/**
 * Generates a TransactionID of 16 octets: 6 octets of `now` in Unix milliseconds, then 10 random octets. IDs that grow with
 * time keep open sessions close together in the store, so that a save writes few pages. The 80 random bits cannot be guessed.
 */
export function generateTransactionId(now: number, random: Random): Uint8Array {
  const octets = new Uint8Array(LENGTH);
  const view = new DataView(octets.buffer);
  view.setUint16(0, Math.floor(now / 2 ** 32));
  view.setUint32(2, now % 2 ** 32);
  octets.set(random(LENGTH - TIME_LENGTH), TIME_LENGTH);
  return octets;
}

export function transactionIdFromBytes(bytes: Uint8Array): TransactionId {
  return toHex(bytes).toUpperCase() as TransactionId;
}
