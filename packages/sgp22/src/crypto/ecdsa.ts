import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { concat, encode, equal, fromHex, integerOctets, sequence } from '@esim-rsp/codec';

/** The curves of SGP.22 2.6.6.1; all keys of one chain are on one curve. */
export type Curve = 'P-256' | 'brainpoolP256r1';

/** All of them, the common one first. */
export const curves: readonly Curve[] = ['P-256', 'brainpoolP256r1'];

/** A public key. `spki` is its SubjectPublicKeyInfo in DER, `point` the uncompressed point, 65 bytes. */
export interface VerifyingKey {
  readonly curve: Curve;
  readonly spki: Uint8Array;
  readonly point: Uint8Array;
  /** Verifies an r|s signature (BSI TR-03111 plain format, 64 bytes) over the joined parts. */
  verify(signature: Uint8Array, ...signed: Uint8Array[]): boolean;
  /** Verifies a signature in DER, as in certificates. */
  verifyDer(signature: Uint8Array, signed: Uint8Array): boolean;
}

/** A private key. It may be in a token (HSM): the result may be a promise, which may reject with a KeyUnavailable. */
export interface SigningKey {
  readonly curve: Curve;
  /** Signs the joined parts. The result is r|s, 64 bytes. */
  sign(...parts: Uint8Array[]): Uint8Array | Promise<Uint8Array>;
}

/** A private key and its public key. */
export interface KeyPair extends SigningKey {
  readonly verifyingKey: VerifyingKey;
}

/** The token of a private key cannot be used at this moment. The call may be tried again: nothing of it is half done. */
export class KeyUnavailable extends Error {
  override readonly name = 'KeyUnavailable';
}

/** A private key in the memory of this process. */
export interface LocalSigningKey extends KeyPair {
  sign(...parts: Uint8Array[]): Uint8Array;
  /** Signs with a signature in DER, as in certificates. */
  signDer(signed: Uint8Array): Uint8Array;
  /** PKCS#8 in PEM. Use it only to write a key file. */
  exportPem(): string;
}

/** SubjectPublicKeyInfo up to the point, per curve. */
const SPKI_PREFIX: Record<Curve, Uint8Array> = {
  'P-256': fromHex('3059301306072a8648ce3d020106082a8648ce3d030107034200'),
  brainpoolP256r1: fromHex('305a301406072a8648ce3d020106092b2403030208010107034200'),
};

const CURVE_OF: Record<string, Curve> = { prime256v1: 'P-256', brainpoolP256r1: 'brainpoolP256r1' };

function curveOf(key: KeyObject): Curve {
  const curve = CURVE_OF[key.asymmetricKeyDetails?.namedCurve ?? ''];
  if (curve === undefined) throw new RangeError('the key is not on P-256 or brainpoolP256r1');
  return curve;
}

function verifyingKeyOf(key: KeyObject, curve: Curve, spki: Uint8Array): VerifyingKey {
  const plain = { key, dsaEncoding: 'ieee-p1363' } as const;
  return {
    curve,
    spki,
    point: spki.subarray(spki.length - 65),
    verify: (signature, ...signed) => {
      const data = signed.length === 1 ? (signed[0] as Uint8Array) : concat(...signed);
      return signature.length === 64 && verify('sha256', data, plain, signature);
    },
    verifyDer: (signature, signed) => verify('sha256', signed, key, signature),
  };
}

/** Imports a SubjectPublicKeyInfo; throws a RangeError if it is not an uncompressed point on one of the curves. */
export function importVerifyingKey(spki: Uint8Array): VerifyingKey {
  let key: KeyObject;
  try {
    key = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
  } catch (error) {
    throw new RangeError('the public key cannot be read', { cause: error });
  }
  // To ask OpenSSL for the curve of the key takes as long as to import it, and its first octets say the same.
  const curve = curves.find((each) => isUncompressed(spki, each));
  if (curve !== undefined) return verifyingKeyOf(key, curve, Uint8Array.from(spki));
  curveOf(key);
  throw new RangeError('the public key is not an uncompressed point (04, x, y)');
}

/** The first octet of an uncompressed point (SEC 1 2.3.3). OpenSSL also reads compressed (02, 03) and hybrid points (06, 07). */
const UNCOMPRESSED = 0x04;

/** Whether these are the 65 octets of an uncompressed point. They may not be on the curve. */
export function isUncompressedPoint(point: Uint8Array): boolean {
  return point.length === 65 && point[0] === UNCOMPRESSED;
}

function isUncompressed(spki: Uint8Array, curve: Curve): boolean {
  const prefix = SPKI_PREFIX[curve];
  return equal(spki.subarray(0, prefix.length), prefix) && isUncompressedPoint(spki.subarray(prefix.length));
}

/** SubjectPublicKeyInfo of an uncompressed point. */
export function spkiOf(curve: Curve, point: Uint8Array): Uint8Array {
  return concat(SPKI_PREFIX[curve], point);
}

/** Imports a private key from PEM (PKCS#8 or SEC 1); throws a RangeError if it cannot be read, or if its public key is not an uncompressed point. */
export function importSigningKey(pem: string): LocalSigningKey {
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch (error) {
    throw new RangeError('the private key cannot be read: expected PEM of a PKCS#8 or SEC 1 key', {
      cause: error,
    });
  }
  return signingKeyOf(key);
}

/** Generates a key pair with the random generator of the operating system. */
export function generateSigningKey(curve: Curve): LocalSigningKey {
  const namedCurve = curve === 'P-256' ? 'prime256v1' : 'brainpoolP256r1';
  return signingKeyOf(generateKeyPairSync('ec', { namedCurve }).privateKey);
}

function signingKeyOf(key: KeyObject): LocalSigningKey {
  const curve = curveOf(key);
  const verifyingKey = importVerifyingKey(createPublicKey(key).export({ format: 'der', type: 'spki' }));
  const plain = { key, dsaEncoding: 'ieee-p1363' } as const;
  return {
    curve,
    verifyingKey,
    sign: (...parts) =>
      sign('sha256', parts.length === 1 ? (parts[0] as Uint8Array) : concat(...parts), plain),
    signDer: (signed) => sign('sha256', signed, key),
    exportPem: () => key.export({ format: 'pem', type: 'pkcs8' }).toString(),
  };
}

const EcdsaSigValue = sequence({ r: integerOctets, s: integerOctets });

/** A signature r|s in DER, as in certificates and certification requests (RFC 3279 2.2.3). */
export function derOfSignature(plain: Uint8Array): Uint8Array {
  const half = plain.length / 2;
  return encode(EcdsaSigValue, {
    r: positiveInteger(plain.subarray(0, half)),
    s: positiveInteger(plain.subarray(half)),
  });
}

/** The content octets of a positive INTEGER in its shortest form. */
function positiveInteger(number: Uint8Array): Uint8Array {
  const first = number.findIndex((octet) => octet !== 0);
  const octets = number.subarray(first < 0 ? number.length - 1 : first);
  return (octets[0] as number) < 0x80 ? octets : concat(Uint8Array.of(0), octets);
}
