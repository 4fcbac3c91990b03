import {
  createCipheriv,
  createECDH,
  createPublicKey,
  generateKeyPairSync,
  hash,
  randomBytes,
  sign,
  verify,
} from 'node:crypto';
import type { Curve } from '@esim-rsp/sgp22/crypto/ecdsa';
import { median } from './table.ts';

/** Seconds of processor time that one call takes, alone, as servers are measured: the middle one of several rounds. */
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

/**
 * The cryptography that one session costs the SM-DP+ whatever else it does, each operation timed alone with what
 * node:crypto offers. The EUM certificate is not counted: a server verifies it once and remembers it. A package that
 * was protected beforehand costs its session nothing: `profileBytes` is 0.
 */
export function primitivesOfSession(profileBytes: number, curveName: Curve): readonly Primitive[] {
  const curve = curveName === 'P-256' ? 'prime256v1' : curveName;
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: curve });
  const message = randomBytes(400);
  const own = { key: privateKey, dsaEncoding: 'ieee-p1363' } as const;
  const theirs = { key: publicKey, dsaEncoding: 'ieee-p1363' } as const;
  const signature = sign('sha256', message, own);
  const spki = publicKey.export({ format: 'der', type: 'spki' });
  const ephemeral = createECDH(curve);
  ephemeral.generateKeys();
  const peer = createECDH(curve).generateKeys();
  const key = randomBytes(16);
  const profile = randomBytes(profileBytes);
  const cbc = () => void createCipheriv('aes-128-cbc', key, key).update(profile);
  return [
    { name: 'ECDSA sign', perSession: 3, seconds: timed(() => void sign('sha256', message, own)) },
    {
      name: 'ECDSA verify',
      perSession: 4,
      seconds: timed(() => void verify('sha256', message, theirs, signature)),
    },
    {
      name: 'public key import',
      perSession: 1,
      seconds: timed(() => void createPublicKey({ key: spki, format: 'der', type: 'spki' })),
    },
    { name: 'one-time key pair', perSession: 1, seconds: timed(() => void createECDH(curve).generateKeys()) },
    { name: 'ECDH', perSession: 1, seconds: timed(() => void ephemeral.computeSecret(peer)) },
    {
      name: 'SHA-256 of the KDF',
      perSession: 2,
      seconds: timed(() => void hash('sha256', message, 'buffer')),
    },
    ...(profileBytes === 0
      ? []
      : [
          { name: 'AES-CBC of the profile', perSession: 1, seconds: timed(cbc) },
          { name: 'CMAC of the profile (one CBC pass)', perSession: 1, seconds: timed(cbc) },
        ]),
  ];
}

/** Sessions per second if nothing but their primitives had to be done. */
export function ceiling(primitives: readonly Primitive[]): number {
  return 1 / primitives.reduce((sum, { perSession, seconds }) => sum + perSession * seconds, 0);
}
