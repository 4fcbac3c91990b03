import { createECDH, type ECDH } from 'node:crypto';
import { type Curve, isUncompressedPoint } from './ecdsa.ts';
import type { Random } from './random.ts';
import { makeUnprintable } from './secret.ts';

const NODE_NAME: Record<Curve, string> = { 'P-256': 'prime256v1', brainpoolP256r1: 'brainpoolP256r1' };

/** A one-time key pair (otPK, otSK): the uncompressed point and the private scalar of 32 bytes. Logs and JSON do not show it. */
export type OneTimeKey = { readonly curve: Curve; readonly otPk: Uint8Array; readonly otSk: Uint8Array };

/** The ECDH objects of pairs: to load a scalar again takes a third of the time of a key agreement. */
const loaded = new WeakMap<OneTimeKey, ECDH>();

/** The key pair of a private scalar. Throws a RangeError if the scalar is 0 or not less than the order of the group. */
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
    throw new RangeError('the private scalar is not between 1 and the order of the group', { cause: error });
  }
  return ecdh;
}

/** Generates a one-time key pair (2.6.4.3). */
export function generateOneTimeKey(curve: Curve, random: Random): OneTimeKey {
  for (;;) {
    const otSk = random(32);
    try {
      return importOneTimeKey(curve, otSk);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error; // about 1 in 2^32 on P-256, more often on brainpoolP256r1
    }
  }
}

/** ECKA-EG (TR-03111 4.3). Returns the x-coordinate, 32 bytes. Throws a RangeError if the peer's point is not an uncompressed point on the curve. */
export function computeSharedSecret(own: OneTimeKey, peerPoint: Uint8Array): Uint8Array {
  if (!isUncompressedPoint(peerPoint))
    throw new RangeError("the peer's public key is not an uncompressed point (04, x, y)");
  const ecdh = loaded.get(own) ?? loadScalar(own.curve, own.otSk);
  try {
    return ecdh.computeSecret(peerPoint);
  } catch (error) {
    throw new RangeError("the peer's public key is not a point on the curve", { cause: error });
  }
}
