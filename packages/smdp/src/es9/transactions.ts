import { concat, equal, fromHex } from '@esim-rsp/codec';
import { sameSecret } from '@esim-rsp/sgp22/crypto/digest';
import { hmacSha256 } from '@esim-rsp/sgp22/crypto/hmac';
import type { Random } from '@esim-rsp/sgp22/crypto/random';
import { type TransactionId, transactionIdFromBytes } from '@esim-rsp/sgp22/value/transaction-id';
import type { ChosenCis, OpenTransaction, Transactions } from '../env.ts';

export type TransactionParts = {
  /** The secret in force at that time (Unix milliseconds); undefined: it is not known, or not any more. */
  readonly secretAt: (at: number) => Uint8Array | undefined;
  readonly random: Random;
  readonly smdpAddress: string;
  /** The CIs of our certificates, at most 256. */
  readonly smdpCiPKIds: readonly Uint8Array[];
  /** At most 256. */
  readonly trustedCiPKIds: readonly Uint8Array[];
  readonly sessionSeconds: number;
};

/** Octets of a TransactionID: 6 of the time in Unix milliseconds, one for each chosen CI, 4 random ones, 4 of the tag. */
const [TIME, NONCE, TAG, CHALLENGE] = [6, 4, 4, 16];
const BODY = TIME + 2 + NONCE;
const MOST_CIS = 256;

/**
 * Transactions that are derived instead of stored, so that a session costs nothing until an eUICC has proved itself. The
 * TransactionID carries the time and the positions of the chosen CIs. A MAC under a secret covers these, the key
 * identifiers of the CIs, the time that a session may take, and our address: its first octets end the TransactionID, and the next 16 are the serverChallenge.
 * A server with the secret recognizes the transaction, and its challenge cannot be computed without it. The TransactionIDs grow with
 * time, so that the sessions which are saved later are close together in the store.
 */
export function createTransactions(parts: TransactionParts): Transactions {
  if (Math.max(parts.smdpCiPKIds.length, parts.trustedCiPKIds.length) > MOST_CIS)
    throw new RangeError(`a TransactionID can name one of ${MOST_CIS} CIs at most`);
  return {
    open: (chosen, now) => {
      const opened = derive(parts, writeBody(parts, chosen, now));
      if (opened === undefined) throw new Error('there is no secret for new transactions');
      return opened;
    },
    find: (transactionId, now) => {
      const bytes = fromHex(transactionId);
      if (bytes.length !== BODY + TAG) return undefined;
      const found = derive(parts, bytes.subarray(0, BODY));
      const isOurs = found !== undefined && sameSecret(fromHex(found.transactionId), bytes);
      return isOurs && now < found.expiresAt ? found : undefined;
    },
  };
}

function writeBody(
  { random, smdpCiPKIds, trustedCiPKIds }: TransactionParts,
  { smdpCiPKId, euiccCiPKIdToBeUsed }: ChosenCis,
  now: number,
): Uint8Array {
  const body = new Uint8Array(BODY);
  const view = new DataView(body.buffer);
  view.setUint16(0, Math.floor(now / 2 ** 32));
  view.setUint32(2, now % 2 ** 32);
  body[TIME] = positionOf(smdpCiPKId, smdpCiPKIds);
  body[TIME + 1] = positionOf(euiccCiPKIdToBeUsed, trustedCiPKIds);
  body.set(random(NONCE), TIME + 2);
  return body;
}

function positionOf(ciPKId: Uint8Array, ciPKIds: readonly Uint8Array[]): number {
  const position = ciPKIds.findIndex((one) => equal(one, ciPKId));
  if (position === -1) throw new RangeError('the CI is not one of those that this SM-DP+ knows');
  return position;
}

/** The transaction that begins with these octets; undefined: its CIs or its secret are not known. */
function derive(parts: TransactionParts, body: Uint8Array): OpenTransaction | undefined {
  const view = new DataView(body.buffer, body.byteOffset);
  const openedAt = view.getUint16(0) * 2 ** 32 + view.getUint32(2);
  const smdpCiPKId = parts.smdpCiPKIds[view.getUint8(TIME)];
  const euiccCiPKIdToBeUsed = parts.trustedCiPKIds[view.getUint8(TIME + 1)];
  const secret = parts.secretAt(openedAt);
  if (smdpCiPKId === undefined || euiccCiPKIdToBeUsed === undefined || secret === undefined) return undefined;
  const address = new TextEncoder().encode(parts.smdpAddress.toLowerCase());
  const seconds = new Uint8Array(4);
  new DataView(seconds.buffer).setUint32(0, parts.sessionSeconds);
  const cis = [withLength(smdpCiPKId), withLength(euiccCiPKIdToBeUsed)];
  const mac = hmacSha256(secret, body, ...cis, seconds, address);
  const tag = mac.subarray(0, TAG);
  return {
    transactionId: transactionIdFromBytes(concat(body, tag)) satisfies TransactionId,
    serverChallenge: new Uint8Array(mac.subarray(TAG, TAG + CHALLENGE)),
    openedAt,
    expiresAt: openedAt + parts.sessionSeconds * 1000,
    smdpCiPKId,
    euiccCiPKIdToBeUsed,
  };
}

/** A key identifier after its length, so that two of them in a row cannot be read in another way. */
function withLength(ciPKId: Uint8Array): Uint8Array {
  return concat(Uint8Array.of(ciPKId.length), ciPKId);
}
