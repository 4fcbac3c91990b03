import { equal, toHex } from '@esim-rsp/codec';
import type { Curve, KeyPair } from '../crypto/ecdsa.ts';
import { type Eid, parseEid } from '../value/eid.ts';
import type { CertificateView, CertifiedKey } from './certificate.ts';
import { dateText, roleFault, validityFault } from './checks.ts';
import {
  type FoundCertificate,
  filesOfRole,
  PkiError,
  type PkiFiles,
  readNamingFile,
  type TokenKey,
} from './files.ts';
import type { Role } from './roles.ts';
import { verifyServerChain } from './server-chain.ts';
import { type TrustedCi, trustCi } from './trust.ts';

/** The signing certificates of an SM-DP+ under one CI: one curve, one OID (4.5.2). */
export type SigningCertificates = {
  readonly curve: Curve;
  /** registeredID of the certificates, dotted. */
  readonly oid: string;
  /** The CI that issued CERT.DPauth. */
  readonly ciPKId: Uint8Array;
  readonly dpAuth: SigningCredential;
  readonly dpPb: SigningCredential;
  /** All CIs of the set. */
  readonly ci: readonly TrustedCi[];
};

/** A certificate and its private key, which may be in a token. */
export type SigningCredential = { readonly certificate: CertificateView; readonly key: KeyPair };

/** The same with the TLS certificate. */
export type ServerCertificates = SigningCertificates & { readonly dpTls: CertifiedKey };

export type ServerSelection = {
  /** Unix milliseconds. */
  readonly now: number;
  readonly curve: Curve;
  /** The OID of the SM-DP+. Default: the first one in the PKI. */
  readonly oid?: string;
  /** The keys of the references in the PKI. */
  readonly tokenKeys?: readonly TokenKey[];
};

/**
 * Selects the certificates of an SM-DP+ from the files of a PKI and checks that they fit together: roles, keys, one OID,
 * validity, chain to a CI of the PKI. Throws a PkiError that names the faulty file.
 */
export function readServerCertificates(files: PkiFiles, selection: ServerSelection): ServerCertificates {
  const signing = readSigningCertificates(files, selection);
  return { ...signing, dpTls: readTlsCertificate(files, signing, selection.now) };
}

/** The same without the TLS certificate. */
export function readSigningCertificates(
  files: PkiFiles,
  { now, curve, oid, tokenKeys = [] }: ServerSelection,
): SigningCertificates {
  const ci = readTrust(files);
  const pick = (role: Role, ofOid: string | undefined) => {
    const found = filesOfRole(files, role).certificates;
    const fits = ({ certificate }: FoundCertificate) =>
      certificate.curve === curve && hasOid(certificate, ofOid);
    const chosen = found.find(fits);
    if (chosen === undefined)
      throw noCertificateError(role, found, `on ${curve}${ofOid ? ` with OID ${ofOid}` : ''}`);
    const { oid, ci: issuer } = verifyCertificate(role, chosen, ci, now);
    return { credential: findSigningKey(files, role, chosen, tokenKeys), oid, ci: issuer };
  };
  const auth = pick('dp-auth', oid);
  const pb = pick('dp-pb', auth.oid);
  return { curve, oid: auth.oid, ciPKId: auth.ci.keyId, dpAuth: auth.credential, dpPb: pb.credential, ci };
}

type TlsSelection = Pick<SigningCertificates, 'oid' | 'curve' | 'ci'>;

/** A valid CERT.DPtls with the OID of the SM-DP+, if possible on the same curve. */
export function readTlsCertificate(files: PkiFiles, selection: TlsSelection, now: number): CertifiedKey {
  return readTlsCertificates(files, selection, now)[0];
}

/** The same, followed by the first such certificate on the other curve if there is one. */
export function readTlsCertificates(
  files: PkiFiles,
  { oid, curve, ci }: TlsSelection,
  now: number,
): readonly [CertifiedKey, ...CertifiedKey[]] {
  const found = filesOfRole(files, 'dp-tls').certificates;
  const fitting = found.filter(
    ({ certificate }) => hasOid(certificate, oid) && validityFault(certificate, now) === undefined,
  );
  const chosen = fitting.find(({ certificate }) => certificate.curve === curve) ?? fitting[0];
  if (chosen === undefined)
    throw noCertificateError('dp-tls', found, `with OID ${oid} that is valid on ${dateText(now)}`);
  const other = fitting.find(({ certificate }) => certificate.curve !== chosen.certificate.curve);
  const credential = (one: FoundCertificate) => {
    verifyCertificate('dp-tls', one, ci, now);
    return findKey(files, 'dp-tls', one);
  };
  return [credential(chosen), ...(other === undefined ? [] : [credential(other)])];
}

function hasOid({ registeredIds }: CertificateView, oid: string | undefined): boolean {
  return oid === undefined || registeredIds.includes(oid);
}

function noCertificateError(role: Role, found: readonly FoundCertificate[], wanted: string): PkiError {
  const list = found.map(({ path, certificate: { curve, registeredIds, notAfter } }) =>
    [path, curve ?? 'other curve', ...registeredIds, `until ${dateText(notAfter)}`].join(', '),
  );
  return new PkiError(`there is no ${role} certificate ${wanted}; found: ${list.join('; ') || 'none'}`);
}

/** Makes sure of one chosen certificate. */
function verifyCertificate(role: Role, chosen: FoundCertificate, ci: readonly TrustedCi[], now: number) {
  const verified = verifyServerChain({ certificate: chosen.certificate, role, trust: ci, now });
  if (!verified.ok) throw new PkiError(`${chosen.path} is no usable ${role} certificate: ${verified.detail}`);
  return verified;
}

/** The key of a certificate, from a token or a file. */
function findSigningKey(
  files: PkiFiles,
  role: Role,
  found: FoundCertificate,
  tokenKeys: readonly TokenKey[],
): SigningCredential {
  const { certificate } = found;
  const { point } = certificate.publicKey();
  const inToken = tokenKeys.find((each) => each.role === role && equal(each.key.verifyingKey.point, point));
  return inToken === undefined ? findKey(files, role, found) : { certificate, key: inToken.key };
}

/** Keys are found by what they are, not by their names: those of SGP.26 do not always rhyme. */
function findKey(files: PkiFiles, role: Role, { path, certificate }: FoundCertificate): CertifiedKey {
  const { point } = certificate.publicKey();
  const { keys, references, sealed } = filesOfRole(files, role);
  const found = keys.find(({ key }) => equal(key.verifyingKey.point, point));
  if (found !== undefined) return { certificate, key: found.key };
  const isSealed = sealed.find(({ spki }) => equal(spki, certificate.publicKey().spki));
  if (isSealed !== undefined)
    throw new PkiError(
      `${isSealed.path} is sealed, and only the server that sealed it opens it; 'esim pki export-key' writes the plain key there`,
    );
  const tried = [...keys, ...references].map((key) => key.path).join(', ') || 'none';
  const hint = references.length > 0 && !inTokens.has(role) ? `; ${noTokenFor(role)}` : '';
  throw new PkiError(`no private key of role ${role} belongs to ${path}; found: ${tried}${hint}`);
}

/** The roles whose keys may be in a token. */
const inTokens: ReadonlySet<Role> = new Set<Role>(['dp-auth', 'dp-pb']);

function noTokenFor(role: Role): string {
  return role === 'dp-tls'
    ? 'the server cannot use a TLS key in a token: let a proxy terminate TLS (ESIM_ES9_TLS=0)'
    : 'a key of this role cannot be in a token';
}

/** The CIs of the set, each key once. */
export function readTrust(files: PkiFiles): readonly TrustedCi[] {
  const trust = new Map<string, TrustedCi>();
  for (const { path, certificate } of filesOfRole(files, 'ci').certificates) {
    try {
      const ci = trustCi(certificate);
      const id = toHex(ci.keyId);
      trust.set(id, trust.get(id) ?? ci);
    } catch (cause) {
      throw new PkiError(`${path}: ${cause instanceof Error ? cause.message : cause}`, { cause });
    }
  }
  if (trust.size === 0)
    throw new PkiError('there is no CI certificate, such as CertificateIssuer/CERT_CI_ECDSA_NIST.der');
  return [...trust.values()];
}

/** The certificates and key of a virtual eUICC under one CI. */
export type EuiccCertificates = CertifiedKey & {
  readonly eid: Eid;
  readonly eumCertificate: CertificateView;
};

/** The eUICCs of the set on one curve, each with its key and the EUM certificate it was issued under. */
export function readEuiccCertificates(files: PkiFiles, curve: Curve): readonly EuiccCertificates[] {
  const eums = filesOfRole(files, 'eum').certificates;
  const own = filesOfRole(files, 'euicc').certificates.filter(
    ({ certificate }) => certificate.curve === curve,
  );
  return own.map((chosen) => {
    const { path, certificate } = chosen;
    const misplaced = roleFault(certificate, 'euicc');
    if (misplaced !== undefined) throw new PkiError(`${path}: ${misplaced}`);
    const issuer = certificate.authorityKeyIdentifier;
    const eum = eums.find(
      ({ certificate: { subjectKeyIdentifier: id } }) =>
        id !== undefined && issuer !== undefined && equal(id, issuer),
    );
    if (eum === undefined) throw new PkiError(`the EUM certificate that issued ${path} is missing`);
    const eid = readNamingFile(path, () => parseEid(certificate.subject.serialNumber ?? ''));
    return { ...findKey(files, 'euicc', chosen), eid, eumCertificate: eum.certificate };
  });
}

/** The first EUM of the set on one curve, with its key, which can certify more eUICCs. */
export function readEum(files: PkiFiles, curve: Curve): CertifiedKey {
  return readIssuer(files, 'eum', curve);
}

/** The first CI of the set on one curve, with its key. Only a test PKI includes it. */
export function readCi(files: PkiFiles, curve: Curve): CertifiedKey {
  return readIssuer(files, 'ci', curve);
}

function readIssuer(files: PkiFiles, role: 'ci' | 'eum', curve: Curve): CertifiedKey {
  const found = filesOfRole(files, role).certificates;
  const chosen = found.find(({ certificate }) => certificate.curve === curve);
  if (chosen === undefined) throw noCertificateError(role, found, `on ${curve}`);
  return findKey(files, role, chosen);
}
