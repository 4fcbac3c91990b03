import { type Curve, curves, generateSigningKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import type { CertifiedKey } from '@esim-rsp/sgp22/pki/certificate';
import { filesOfRole, PkiError, type PkiFiles } from '@esim-rsp/sgp22/pki/files';
import {
  readSigningCertificates,
  readTlsCertificates,
  readTrust,
  type SigningCertificates,
} from '@esim-rsp/sgp22/pki/pki-set';
import { makeTestPki, testPkiFiles } from '@esim-rsp/sgp22/pki/test-pki';
import type { TrustedCi } from '@esim-rsp/sgp22/pki/trust';
import type { CertificateSet } from '@esim-rsp/smdp/env';
import { readPkiDirectory, writePkiDirectory } from './pki-directory.ts';

/** What the SM-DP+ holds: one set of certificates per curve, the CIs it trusts, and what it shows in TLS. */
export type SmdpKeys = {
  readonly certificates: readonly CertificateSet[];
  readonly trust: readonly TrustedCi[];
  /** CERT.DPtls, one per curve at most, the common one first. Absent: a proxy in front ends TLS. */
  readonly dpTls?: readonly [CertifiedKey, ...CertifiedKey[]];
};

export type KeysWish = {
  readonly directory: string;
  /** The host phones reach the SM-DP+ by. */
  readonly host: string;
  readonly tls: boolean;
  /** Unix milliseconds. */
  readonly now: number;
};

/** Reads the PKI folder, or makes a test PKI of our own there. Throws a PkiError that names the file at fault. */
export async function openKeys(wish: KeysWish): Promise<SmdpKeys & { readonly made: boolean }> {
  const present = await readPkiDirectory(wish.directory);
  if (present !== undefined) return { ...readKeys(present, wish), made: false };
  const outcome = await writePkiDirectory(wish.directory, newTestPki(wish));
  const files = await readPkiDirectory(wish.directory); // what counts is what is on the disk, whoever wrote it
  if (files === undefined)
    throw new PkiError(`the test PKI in ${wish.directory} is gone as soon as it is made`);
  return { ...readKeys(files, wish), made: outcome === 'written' };
}

export type TestPkiWish = Pick<KeysWish, 'host' | 'now'> & {
  /** A CI and what is under it for each; P-256 alone unless given. */
  readonly curves?: readonly Curve[];
};

/** A PKI for tests and trials; its EUM is there so that `esim phone create` can make eUICCs. */
export function newTestPki({ host, now, curves: wanted = ['P-256'] }: TestPkiWish): PkiFiles {
  const hosts: [string, ...string[]] = host === 'localhost' ? [host] : [host, 'localhost'];
  const chance = { random: systemRandom, generateKey: generateSigningKey };
  return new Map(wanted.flatMap((curve) => [...testPkiFiles(makeTestPki({ ...chance, now, curve, hosts }))]));
}

function readKeys(files: PkiFiles, { tls, now }: KeysWish): SmdpKeys {
  const held = curves.filter((curve) =>
    filesOfRole(files, 'dp-auth').certificates.some(({ certificate }) => certificate.curve === curve),
  );
  const [first, ...others] = held.map((curve) => readSigningCertificates(files, { now, curve }));
  if (first === undefined)
    throw new PkiError('there is no dp-auth certificate, such as DPauth/CERT_S_SM_DPauth_ECDSA_NIST.der');
  return {
    certificates: [first, ...others].map(certificateSet),
    trust: readTrust(files),
    ...(tls && { dpTls: readTlsCertificates(files, first, now) }),
  };
}

function certificateSet({ ciPKId, oid, dpAuth, dpPb }: SigningCertificates): CertificateSet {
  const credential = ({ certificate, key }: CertifiedKey) => ({ certificate, key });
  return { ciPKId, oid, dpAuth: credential(dpAuth), dpPb: credential(dpPb) };
}
