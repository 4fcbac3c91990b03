import { type Curve, curves, generateSigningKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import type { CertifiedKey } from '@esim-rsp/sgp22/pki/certificate';
import {
  type FoundSealed,
  filesOfRole,
  PkiError,
  type PkiFiles,
  type TokenKey,
} from '@esim-rsp/sgp22/pki/files';
import {
  readSigningCertificates,
  readTlsCertificates,
  readTrust,
  type SigningCertificates,
  type SigningCredential,
} from '@esim-rsp/sgp22/pki/pki-set';
import { makeTestPki, testPkiFiles } from '@esim-rsp/sgp22/pki/test-pki';
import type { TrustedCi } from '@esim-rsp/sgp22/pki/trust';
import type { CertificateSet } from '@esim-rsp/smdp/env';
import type { FileSealing } from '../store/ports/secrets/secret-store.ts';
import { findDoubts } from './own-certificates.ts';
import { readPkiDirectory, writePkiDirectory } from './pki-directory.ts';
import { createPublicCiCheck } from './public-ci.ts';
import { keyFilesIn, openSealedKeys } from './sealed-keys.ts';
import type { TokenLog, TokenSettings } from './token/token.ts';
import { openTokenKeys, type TokenKeys } from './token/token-keys.ts';

/** The keys of the SM-DP+: one set of certificates per curve, the trusted CIs, and the TLS certificates. */
export type SmdpKeys = {
  readonly certificates: readonly CertificateSet[];
  readonly trust: readonly TrustedCi[];
  /** Whether anybody can create eUICCs under this CI: a published CI of SGP.26, or a CI whose key or EUM key is in the folder. */
  readonly isPublicCi: (ciPKId: Uint8Array) => boolean;
  /** CERT.DPtls, at most one per curve, P-256 first. Absent: a proxy ends TLS. */
  readonly dpTls?: DpTls;
};

/** The same, with the tokens that have some of the keys. They must be closed. */
export type OpenedKeys = SmdpKeys & {
  readonly tokens: TokenKeys;
  readonly made: boolean;
  /** Files with private keys that are not sealed. */
  readonly plainKeys: readonly string[];
  readonly sealedKeys: readonly FoundSealed[];
};

export type DpTls = readonly [CertifiedKey, ...CertifiedKey[]];

export type KeysOptions = {
  readonly directory: string;
  /** Host name of the SM-DP+ for phones. */
  readonly host: string;
  readonly tls: boolean;
  /** Unix milliseconds. */
  readonly now: number;
  /** Refuses what is otherwise a warning: an expired CI, an invalid serial number (ESIM_PKI_STRICT). */
  readonly strict?: boolean;
  /** The data folder of the server: a PKI that is created for it says so. */
  readonly dataDir?: string;
  /** For keys in tokens. */
  readonly token?: TokenSettings;
  /** Opens sealed keys. */
  readonly sealing?: FileSealing;
};

/** In a PKI folder that a server created: the path of its data folder. The name is hidden from the readers of the PKI. */
export const OWNER_FILE = '.created-by-server';

/**
 * Reads the PKI folder; creates a test PKI there if it is empty. Opens the tokens that it refers to. Throws a PkiError that names the faulty
 * file.
 */
export async function openKeys(options: KeysOptions, log?: TokenLog): Promise<OpenedKeys> {
  const { files: stored, made } = await readOrCreate(options);
  const files = await opened(stored, options);
  const tokens = await openTokenKeys(files, options.token ?? { timeoutMs: 5000, sessions: 1 }, log);
  try {
    return { ...readKeys(files, options, tokens.keys), tokens, made, ...keyFilesIn(stored) };
  } catch (error) {
    tokens.close();
    throw error;
  }
}

async function opened(files: PkiFiles, { sealing }: KeysOptions): Promise<PkiFiles> {
  return sealing === undefined ? files : await openSealedKeys(files, sealing);
}

async function readOrCreate(
  options: KeysOptions,
): Promise<{ readonly files: PkiFiles; readonly made: boolean }> {
  const present = await readPkiDirectory(options.directory);
  if (present !== undefined) return { files: present, made: false };
  const outcome = await writePkiDirectory(options.directory, ownPki(options));
  const files = await readPkiDirectory(options.directory); // another process may have written it: use what is on disk
  if (files === undefined)
    throw new PkiError(
      `the test PKI in ${options.directory} was created but cannot be found: check whether another program deletes it`,
    );
  return { files, made: outcome === 'written' };
}

function ownPki(options: KeysOptions): PkiFiles {
  const { dataDir } = options;
  const files = createTestPki(options);
  return dataDir === undefined ? files : new Map([...files, [OWNER_FILE, Buffer.from(`${dataDir}\n`)]]);
}

export type NewTestPkiOptions = Pick<KeysOptions, 'host' | 'now'> & {
  /** One CI with its certificates for each curve. Default: P-256. */
  readonly curves?: readonly Curve[];
};

/** Creates a PKI for tests. It includes the EUM key, with which `esim phone create` creates eUICCs. */
export function createTestPki({ host, now, curves: wanted = ['P-256'] }: NewTestPkiOptions): PkiFiles {
  const hosts: [string, ...string[]] = host === 'localhost' ? [host] : [host, 'localhost'];
  const env = { random: systemRandom, generateKey: generateSigningKey };
  return new Map(wanted.flatMap((curve) => [...testPkiFiles(makeTestPki({ ...env, now, curve, hosts }))]));
}

/** Reads CERT.DPtls of the folder again. `tokenKeys`: those that are open. Throws a PkiError if it cannot be used. */
export async function readDpTls(options: KeysOptions, tokenKeys: readonly TokenKey[] = []): Promise<DpTls> {
  const files = await opened((await readPkiDirectory(options.directory)) ?? new Map(), options);
  const { dpTls } = readKeys(files, { ...options, tls: true }, tokenKeys);
  return dpTls as DpTls;
}

function readKeys(files: PkiFiles, options: KeysOptions, tokenKeys: readonly TokenKey[]): SmdpKeys {
  const keys = selectKeys(files, options, tokenKeys);
  const [fault] = options.strict ? findDoubts(keys, options.now) : [];
  if (fault !== undefined) throw new PkiError(`${fault} (ESIM_PKI_STRICT=1 does not accept it)`);
  return keys;
}

function selectKeys(files: PkiFiles, { tls, now }: KeysOptions, tokenKeys: readonly TokenKey[]): SmdpKeys {
  const held = curves.filter((curve) =>
    filesOfRole(files, 'dp-auth').certificates.some(({ certificate }) => certificate.curve === curve),
  );
  const [first, ...others] = held.map((curve) => readSigningCertificates(files, { now, curve, tokenKeys }));
  if (first === undefined)
    throw new PkiError(
      'there is no dp-auth certificate; expected a file such as DPauth/CERT_S_SM_DPauth_ECDSA_NIST.der',
    );
  return {
    certificates: [first, ...others].map(certificateSet),
    trust: readTrust(files),
    isPublicCi: createPublicCiCheck(files),
    ...(tls && { dpTls: readTlsCertificates(files, first, now) }),
  };
}

function certificateSet({ ciPKId, oid, dpAuth, dpPb }: SigningCertificates): CertificateSet {
  const credential = ({ certificate, key }: SigningCredential) => ({ certificate, key });
  return { ciPKId, oid, dpAuth: credential(dpAuth), dpPb: credential(dpPb) };
}
