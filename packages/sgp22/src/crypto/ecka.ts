import { createECDH, type ECDH } from 'node:crypto';
import type { Curve } from './ecdsa.ts';
import type { Random } from './random.ts';
import { makeUnprintable } from './secret.ts';

const NODE_NAME: Record<Curve, string> = { 'P-256': 'prime256v1', brainpoolP256r1: 'brainpoolP256r1' };

/** A one-time key pair (otPK, otSK): the uncompressed point and the private scalar of 32 bytes. It has no printable form. */
export type OneTimeKey = { readonly curve: Curve; readonly otPk: Uint8Array; readonly otSk: Uint8Array };

/** Pairs that were made here: loading one again costs a third of what it is used for. */
const loaded = new WeakMap<OneTimeKey, ECDH>();

/** The pair that belongs to a scalar; throws a RangeError for a scalar outside the group. */
export function importOneTimeKey(curve: Curve, otSk: Uint8Array): OneTimeKey {
  const ecdh = loadScalar(curve, otSk);
  const pair = makeUnprintable('OneTimeKey', { curve, otPk: ecdh.getPublicKey(), otSk });
  loaded.set(pair, ecdh);
  return pair;
}

function loadScalar(curve: Curve, otSk: Uint8Array): ECDH {
  const ecdh = createECDH(NODE_NAME[curve]);
  try {
    ecdh.setPrivateKey(otSk);
  } catch (error) {
    throw new RangeError('the scalar is outside the group', { cause: error });
  }
  return ecdh;
}

/** Draws a one-time key pair (2.6.4.3). */
export function generateOneTimeKey(curve: Curve, random: Random): OneTimeKey {
  for (;;) {
    const otSk = random(32);
    try {
      return importOneTimeKey(curve, otSk);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error; // about one draw in 2^32 on P-256, more on brainpoolP256r1
    }
  }
}

/** ECKA-EG (TR-03111 4.3): the x-coordinate Z, 32 bytes; throws a RangeError for a peer that is not on the curve. */
export function computeSharedSecret(own: OneTimeKey, peerPoint: Uint8Array): Uint8Array {
  const ecdh = loaded.get(own) ?? loadScalar(own.curve, own.otSk);
  try {
    return ecdh.computeSecret(peerPoint);
  } catch (error) {
    throw new RangeError("the peer's public key is not a point on the curve", { cause: error });
  }
}
