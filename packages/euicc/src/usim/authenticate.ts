import { concat, equal } from '@esim-rsp/codec';
import { type MilenageKeys, milenage } from '@esim-rsp/sgp22/crypto/milenage';
import { acceptSqn, highestSqn } from './sqn.ts';

/** The challenge of a network: RAND and AUTN, 16 octets each. */
export type NetworkChallenge = { readonly rand: Uint8Array; readonly autn: Uint8Array };

/** What a USIM answers to a challenge (3GPP TS 33.102 6.3.3, 6.3.5). */
export type Authentication =
  | {
      readonly outcome: 'done';
      readonly res: Uint8Array;
      readonly ck: Uint8Array;
      readonly ik: Uint8Array;
      /** The sequence numbers to keep. */
      readonly sqns: Uint8Array;
    }
  /** The challenge is not fresh: AUTS reports to the network the last number of the card. */
  | { readonly outcome: 'resynchronise'; readonly auts: Uint8Array }
  /** The network does not know the keys of the card. */
  | { readonly outcome: 'wrong-mac' };

/** AMF of a resynchronisation (6.3.3). */
const NO_AMF = new Uint8Array(2);

/** Verifies a challenge, and answers it, with MILENAGE. `sqns`: the sequence numbers that the card has accepted. */
export function authenticate(
  keys: MilenageKeys,
  { rand, autn }: NetworkChallenge,
  sqns: Uint8Array,
): Authentication {
  const [hidden, amf, mac] = [autn.subarray(0, 6), autn.subarray(6, 8), autn.subarray(8)];
  const { ak } = milenage(keys, { rand, sqn: new Uint8Array(6), amf });
  const sqn = xored(hidden, ak);
  const { macA, res, ck, ik } = milenage(keys, { rand, sqn, amf });
  if (!equal(macA, mac)) return { outcome: 'wrong-mac' };
  const accepted = acceptSqn(sqns, sqn);
  if (accepted !== undefined) return { outcome: 'done', res, ck, ik, sqns: accepted };
  const last = highestSqn(sqns);
  const { macS, akStar } = milenage(keys, { rand, sqn: last, amf: NO_AMF });
  return { outcome: 'resynchronise', auts: concat(xored(last, akStar), macS) };
}

function xored(a: Uint8Array, b: Uint8Array): Uint8Array {
  return a.map((octet, i) => octet ^ (b[i] as number));
}
