import {
  createCipheriv,
  createECDH,
  generateKeyPairSync,
  hash,
  randomBytes,
  sign,
  verify,
  X509Certificate,
} from 'node:crypto';
import { type Curve, generateSigningKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { makeTestPki } from '@esim-rsp/sgp22/pki/test-pki';
import type { ProfileProtection } from '@esim-rsp/smdp/state/profile';
import { median } from './table.ts';

/** Seconds of CPU time of one call: the median of several rounds. */
export function timed(call: () => void, calls = 400): number {
  for (let i = 0; i < calls / 4; i++) call();
  const rounds = Array.from({ length: 5 }, () => {
    const start = process.cpuUsage();
    for (let i = 0; i < calls; i++) call();
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1e6 / calls;
  });
  return median(rounds);
}

type Primitive = { readonly name: string; readonly perSession: number; readonly seconds: number };

/** The TLVs that one session protects, with at most 1008 octets of data each, and how many of them are encrypted. */
type ProtectedTlvs = { readonly tlvs: number; readonly encrypted: number };

const DATA = 1008;
/** ConfigureISDP and the metadata come first. With PPK, ReplaceSessionKeys is the last: the profile was protected before. */
const protectedIn = (protection: ProfileProtection, profileBytes: number): ProtectedTlvs => {
  const ours = protection === 'ppk' ? 1 : Math.ceil(profileBytes / (DATA - 1));
  return { tlvs: 2 + ours, encrypted: 1 + ours };
};

/**
 * The cryptography that one session costs the SM-DP+, each primitive operation timed alone with what node:crypto
 * offers: AES-CBC and CMAC TLV by TLV, as SCP03t defines them, and the eUICC's certificate, which the server has not
 * seen before. The EUM certificate does not count: a server verifies it once and caches the result.
 */
export function primitivesOfSession(
  protection: ProfileProtection,
  profileBytes: number,
  curveName: Curve,
): readonly Primitive[] {
  const curve = curveName === 'P-256' ? 'prime256v1' : curveName;
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: curve });
  const message = randomBytes(400);
  const own = { key: privateKey, dsaEncoding: 'ieee-p1363' } as const;
  const theirs = { key: publicKey, dsaEncoding: 'ieee-p1363' } as const;
  const signature = sign('sha256', message, own);
  const certificate = someCertificate(curveName);
  const ephemeral = createECDH(curve);
  ephemeral.generateKeys();
  const peer = createECDH(curve).generateKeys();
  const key = randomBytes(16);
  const cbcOf = (data: Uint8Array) => () => void createCipheriv('aes-128-cbc', key, key).update(data);
  const { tlvs, encrypted } = protectedIn(protection, profileBytes);
  const operation = (name: string, perSession: number, call: () => void): Primitive => ({
    name,
    perSession,
    seconds: timed(call),
  });
  return [
    operation('ECDSA sign', 3, () => void sign('sha256', message, own)),
    operation('ECDSA verify', 4, () => void verify('sha256', message, theirs, signature)),
    operation('X.509 parse and public key', 1, () => void new X509Certificate(certificate).publicKey),
    operation('one-time key pair', 1, () => void createECDH(curve).generateKeys()),
    operation('ECDH', 1, () => void ephemeral.computeSecret(peer)),
    operation('SHA-256 of the KDF', 2, () => void hash('sha256', message, 'buffer')),
    operation('AES-CBC of a TLV', encrypted, cbcOf(randomBytes(DATA))),
    operation('CMAC of a TLV (one CBC pass)', tlvs, cbcOf(randomBytes(DATA + 32))),
  ];
}

/** A certificate with the size of an eUICC certificate. */
function someCertificate(curve: Curve): Uint8Array {
  const chance = { random: systemRandom, generateKey: generateSigningKey };
  const { eum } = makeTestPki({ ...chance, now: Date.now(), curve, hosts: ['localhost'] });
  return eum.certificate.bytes;
}

/** Sessions per second if the server did only their primitives. */
export function ceiling(primitives: readonly Primitive[]): number {
  return 1 / primitives.reduce((sum, { perSession, seconds }) => sum + perSession * seconds, 0);
}
