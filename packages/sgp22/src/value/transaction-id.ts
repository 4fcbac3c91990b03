import { toHex } from '@esim-rsp/codec';
import { ValueError } from './value-error.ts';

/** The identifier of an RSP session: 1 to 16 octets as upper-case hexadecimal text, as in the JSON binding (SGP.22 6.5.2). */
export type TransactionId = string & { readonly brand: 'TransactionId' };

/** Reads 2 to 32 hex digits of either case. */
export function parseTransactionId(text: string): TransactionId {
  if (!/^(?:[0-9A-Fa-f]{2}){1,16}$/.test(text))
    throw new ValueError('a transactionId has 2 to 32 hex digits');
  return text.toUpperCase() as TransactionId;
}

export function transactionIdFromBytes(bytes: Uint8Array): TransactionId {
  return toHex(bytes).toUpperCase() as TransactionId;
}
