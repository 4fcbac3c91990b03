import { toBase64 } from '@esim-rsp/codec';
import { type Curve, importSigningKey, type KeyPair, type LocalSigningKey } from '../crypto/ecdsa.ts';
import { type CertificateView, certificatesIn, readCertificate } from './certificate.ts';
import type { Role } from './roles.ts';
import { plainKeysIn, sealedKeysIn } from './sealed-key.ts';

/** The files of a PKI directory: relative path and content. */
export type PkiFiles = ReadonlyMap<string, Uint8Array>;

/** A PKI that cannot be used. The message names the file and the problem. */
export class PkiError extends Error {
  override readonly name = 'PkiError';
}

/** The role and index in a file name. Index 1 is the SM-DP+ or eUICC without a number in its file names. */
export type FileRole = { readonly role: Role; readonly index: number };

const FILE_NAME =
  /^(?:CERT|SK)_(?:S_SM_)?(CI|EUM|EUICC|DP|DS)(\d*)(auth|pb)?(?:_VAR[^_.]*)?(_TLS)?(?:_[A-Z0-9]+)*\.(?:der|pem|crt|cer|key|pkcs11)$/i;

const ROLE_OF: Readonly<Record<string, Role>> = {
  ci: 'ci',
  eum: 'eum',
  euicc: 'euicc',
  dpauth: 'dp-auth',
  dppb: 'dp-pb',
  dp_tls: 'dp-tls',
  dsauth: 'ds-auth',
  ds_tls: 'ds-tls',
};

/**
 * The role of a certificate or private key by its name, as SGP.26 names its files: `CERT_CI_ECDSA_NIST.der`,
 * `SK_S_SM_DPauth_ECDSA_NIST.pem`, `CERT_S_SM_DP_VARO_TLS_NIST.der`. `undefined` for every other file.
 */
export function roleOfFile(path: string): FileRole | undefined {
  const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  const found = FILE_NAME.exec(name);
  if (found === null) return undefined;
  const [, owner = '', number, purpose = '', tls = ''] = found;
  const role = ROLE_OF[`${owner}${purpose}${tls}`.toLowerCase()];
  return role && { role, index: number ? Number(number) : 1 };
}

/** The path of a file in a PKI that this code creates, named as in SGP.26. */
export function pkiFilePath(kind: PkiFileKind, role: NamedRole, curve: Curve, index = 1): string {
  const number = index === 1 ? '' : String(index);
  const suffix = curve === 'P-256' ? 'NIST' : 'BRP';
  const [directory, before, after] = PLACE_OF[role];
  const [prefix, ending] = FILE_KINDS[kind];
  return `${directory}/${prefix}_${before}${number}${after}_${suffix}.${ending}`;
}

/** A certificate, a private key, or a reference to a private key in a token. */
type PkiFileKind = keyof typeof FILE_KINDS;
const FILE_KINDS = { CERT: ['CERT', 'der'], SK: ['SK', 'pem'], reference: ['SK', 'pkcs11'] } as const;

export type NamedRole = Exclude<Role, 'ds-auth' | 'ds-tls'>;

/** Per role the directory, and the name around the number. */
const PLACE_OF: Readonly<Record<NamedRole, readonly [string, string, string]>> = {
  ci: ['CertificateIssuer', 'CI', '_ECDSA'],
  eum: ['EUM', 'EUM', '_ECDSA'],
  euicc: ['eUICC', 'EUICC', '_ECDSA'],
  'dp-auth': ['DPauth', 'S_SM_DP', 'auth_ECDSA'],
  'dp-pb': ['DPpb', 'S_SM_DP', 'pb_ECDSA'],
  'dp-tls': ['DPtls', 'S_SM_DP', '_TLS'],
};

export type FoundCertificate = { readonly path: string; readonly certificate: CertificateView };
export type FoundKey = { readonly path: string; readonly key: LocalSigningKey };
/** A private key that is sealed, so that only its public key can be read. */
export type FoundSealed = { readonly path: string; readonly spki: Uint8Array };
/** A file with a `pkcs11:` URI (RFC 7512) in place of a private key. */
export type FoundReference = { readonly path: string; readonly uri: string };
/** A private key in a token, and the file that refers to it. */
export type TokenKey = { readonly path: string; readonly role: Role; readonly key: KeyPair };

/**
 * The certificates and private keys of one role, the first SM-DP+ or eUICC first. Where `manifest.json` names files for
 * the role (`{"dp-auth": ["a.pem", "a.key"], "ci": ["root.der"]}`), only these files are used.
 */
export function filesOfRole(
  files: PkiFiles,
  role: Role,
): {
  readonly certificates: readonly FoundCertificate[];
  readonly keys: readonly FoundKey[];
  readonly references: readonly FoundReference[];
  readonly sealed: readonly FoundSealed[];
} {
  const certificates = new Map<string, FoundCertificate>();
  const keys: FoundKey[] = [];
  const references: FoundReference[] = [];
  const sealed: FoundSealed[] = [];
  for (const path of pathsOf(files, role)) {
    const content = contentOf(files, path);
    const uri = referenceIn(content);
    if (uri !== undefined) references.push({ path, uri });
    for (const bytes of readNamingFile(path, () => certificatesIn(content))) {
      const certificate = readNamingFile(path, () => readCertificate(bytes));
      const id = toBase64(bytes); // the same certificate may be there in DER and in PEM
      certificates.set(id, certificates.get(id) ?? { path, certificate });
    }
    for (const pem of plainKeysIn(content))
      keys.push({ path, key: readNamingFile(path, () => importSigningKey(pem)) });
    for (const { spki } of readNamingFile(path, () => sealedKeysIn(content))) sealed.push({ path, spki });
  }
  return { certificates: [...certificates.values()], keys, references, sealed };
}

/** The URI of a file that refers to a key. Line ends inside it do not count (RFC 7512 2.3). */
function referenceIn(content: Uint8Array): string | undefined {
  if (content[0] === 0x30) return undefined;
  const text = new TextDecoder().decode(content).replaceAll(/\s+/g, '');
  return text.startsWith('pkcs11:') ? text : undefined;
}

function pathsOf(files: PkiFiles, role: Role): readonly string[] {
  const named = manifestOf(files)[role];
  if (named !== undefined) return named;
  const indexOf = (path: string) => roleOfFile(path)?.index ?? 0;
  return [...files.keys()]
    .filter((path) => roleOfFile(path)?.role === role)
    .sort((a, b) => indexOf(a) - indexOf(b) || (a < b ? -1 : 1));
}

function contentOf(files: PkiFiles, path: string): Uint8Array {
  const content = files.get(path);
  if (content === undefined) throw new PkiError(`manifest.json names ${path}, but this file does not exist`);
  return content;
}

type Manifest = { readonly [K in Role]?: readonly string[] };

function manifestOf(files: PkiFiles): Manifest {
  const file = files.get('manifest.json');
  if (file === undefined) return {};
  const manifest = readNamingFile('manifest.json', (): unknown => JSON.parse(new TextDecoder().decode(file)));
  const isList = (value: unknown) => Array.isArray(value) && value.every((path) => typeof path === 'string');
  if (manifest === null || typeof manifest !== 'object' || !Object.values(manifest).every(isList))
    throw new PkiError(
      'manifest.json does not map roles to lists of files, as in {"dp-auth": ["a.pem", "a.key"]}',
    );
  return manifest;
}

/** Calls `read` and converts its errors to a PkiError that names the file. */
export function readNamingFile<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new PkiError(`${path} cannot be read: ${cause instanceof Error ? cause.message : cause}`, {
      cause,
    });
  }
}
