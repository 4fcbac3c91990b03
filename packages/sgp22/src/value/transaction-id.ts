import { toHex } from '@esim-rsp/codec';
import type { Random } from '../crypto/random.ts';
import { ValueError } from './value-error.ts';

/** An RSP session: 1 to 16 octets as upper-case hex, the form of the JSON binding (SGP.22 6.5.2). */
export type TransactionId = string & { readonly brand: 'TransactionId' };

/** Reads 2 to 32 hex digits of either case. */
export function parseTransactionId(text: string): TransactionId {
  if (!/^(?:[0-9A-Fa-f]{2}){1,16}$/.test(text))
    throw new ValueError('a transactionId has 2 to 32 hex digits');
  return text.toUpperCase() as TransactionId;
}

/** Octets of a drawn TransactionID: what an LPA accepts at most. */
const LENGTH = 16;
const TIME_LENGTH = 6;

/**
 * A new TransactionID of 16 octets: the Unix milliseconds of `now` in the first 6, chance in the other 10. Ids that
 * grow with time keep a store's open sessions side by side, so that a save touches few pages; the 80 bits of chance
 * are what nobody can guess.
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
