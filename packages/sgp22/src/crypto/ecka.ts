import { createECDH, createPrivateKey, createPublicKey, diffieHellman, type KeyObject } from 'node:crypto';
import { concat, fromHex } from '@esim-rsp/codec';
import { type Curve, isUncompressedPoint, spkiOf } from './ecdsa.ts';
import type { Random } from './random.ts';
import { makeUnprintable } from './secret.ts';

const NODE_NAME: Record<Curve, string> = { 'P-256': 'prime256v1', brainpoolP256r1: 'brainpoolP256r1' };

/** A one-time key pair (otPK, otSK): the uncompressed point and the private scalar of 32 bytes. Logs and JSON do not show it. */
export type OneTimeKey = { readonly curve: Curve; readonly otPk: Uint8Array; readonly otSk: Uint8Array };

/** Octets of a private scalar on both curves. */
const SCALAR = 32;

/** The key pair of a private scalar. Throws a RangeError if the scalar is 0 or not less than the order of the group. */
export function importOneTimeKey(curve: Curve, otSk: Uint8Array): OneTimeKey {
  if (otSk.length !== SCALAR)
    throw new RangeError(`the private scalar has ${otSk.length} octets, not ${SCALAR}`);
  const ecdh = createECDH(NODE_NAME[curve]);
  try {
    ecdh.setPrivateKey(otSk);
  } catch (error) {
    throw new RangeError('the private scalar is not between 1 and the order of the group', { cause: error });
  }
  return makeUnprintable('OneTimeKey', { curve, otPk: ecdh.getPublicKey(), otSk });
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
  const privateKey = privateKeyOf(own);
  try {
    const spki = Buffer.from(spkiOf(own.curve, peerPoint));
    const publicKey = createPublicKey({ key: spki, format: 'der', type: 'spki' });
    return diffieHellman({ privateKey, publicKey });
  } catch (error) {
    throw new RangeError("the peer's public key is not a point on the curve", { cause: error });
  }
}

/** PKCS#8 up to the private scalar, per curve. */
const PKCS8_PREFIX: Record<Curve, Uint8Array> = {
  'P-256': fromHex('308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b0201010420'),
  brainpoolP256r1: fromHex('308188020100301406072a8648ce3d020106092b2403030208010107046d306b0201010420'),
};
/** Tags and lengths between the scalar and the public point. */
const BEFORE_POINT = fromHex('a144034200');

/** A pair as a KeyObject. An ECDH object would check the whole pair again at each agreement, which takes longer than that, on brainpoolP256r1 several times. */
function privateKeyOf({ curve, otPk, otSk }: OneTimeKey): KeyObject {
  return createPrivateKey({
    key: Buffer.from(concat(PKCS8_PREFIX[curve], otSk, BEFORE_POINT, otPk)),
    format: 'der',
    type: 'pkcs8',
  });
}
