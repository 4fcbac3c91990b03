import { type Der, DerError, equal, toBase64 } from '@esim-rsp/codec';
import type { Certificate } from '../asn1/pkix.ts';
import type { VerifyingKey } from '../crypto/ecdsa.ts';
import { type Checks, forCheck, type Refuse, refusals } from '../status.ts';
import { type Eid, hasValidCheckDigits, parseEid } from '../value/eid.ts';
import { ValueError } from '../value/value-error.ts';
import { type CertificateView, readCertificate } from './certificate.ts';
import { extensionFault, type Fault, serialNumberFault, signatureFault, validityFault } from './checks.ts';
import { isSameName, valuesOf } from './name.ts';
import { findCi, revocationFault, type TrustedCi } from './trust.ts';

/** The checks of an eUICC's certificates (4.5.2.2). */
export const chainChecks = {
  eumReadable: 'the EUM certificate can be read',
  ciTrusted: 'the EUM certificate is under a CI that we trust',
  eumSigned: 'the CI signed the EUM certificate',
  eumInForce: 'the EUM certificate has not expired',
  eumValid: 'the EUM certificate is valid',
  euiccSigned: 'the EUM signed the eUICC certificate',
  euiccInForce: 'the eUICC certificate has not expired',
  euiccValid: 'the eUICC certificate is valid',
} as const satisfies Checks;

/** Their status codes (5.6.3). */
const refuse = refusals({
  ciExpired: ['8.11.1', '3.9', 'the certificate of the CI has expired', 'ciTrusted'],
  ciPublicKeyUnknown: ['8.11.1', '3.9', 'the CI of the EUM certificate is not trusted', 'ciTrusted'],
  eumNotVerified: ['8.1.2', '6.1', 'the EUM certificate is not valid', 'eumValid'],
  eumExpired: ['8.1.2', '6.3', 'the EUM certificate is outside its validity period', 'eumInForce'],
  euiccNotVerified: ['8.1.3', '6.1', 'the eUICC certificate is not valid', 'euiccValid'],
  euiccExpired: ['8.1.3', '6.3', 'the eUICC certificate is outside its validity period', 'euiccInForce'],
});
const forEum = (check: keyof typeof chainChecks) => forCheck(check, refuse.eumNotVerified);
const euiccNotSigned = forCheck('euiccSigned', refuse.euiccNotVerified);

export type EuiccChain = {
  readonly euiccCertificate: Der<Certificate> | Uint8Array;
  readonly eumCertificate: Der<Certificate> | Uint8Array;
  /** Epoch milliseconds. */
  readonly now: number;
  /** The CI of euiccCiPKIdToBeUsed. Absent: any trusted CI. */
  readonly ciPKId?: Uint8Array;
};

/** An eUICC whose certificates were verified. */
export type VerifiedEuicc = {
  readonly eid: Eid;
  readonly publicKey: VerifyingKey;
  readonly certificate: CertificateView;
  readonly eumCertificate: CertificateView;
  readonly ci: TrustedCi;
  /** What is unusual but accepted, one sentence each. With `strict` there is nothing: it is refused. */
  readonly warnings: readonly string[];
};

export type ChainOptions = {
  /** Refuses what is otherwise a warning: an expired CI, an invalid serial number, wrong check digits of the EID. */
  readonly strict?: boolean;
};

export type VerifyEuiccChain = (chain: EuiccChain) => VerifiedEuicc;

/** Size of the cache of verified EUM certificates. A network has some dozens. */
const MAX_CACHED = 256;

/**
 * Creates a function that verifies eUICC certificate chains under the trusted CIs (4.5.2.2, 5.6.3). The function throws a
 * Refusal for the first check that fails: per certificate the signature, then the validity period, then the extensions. It
 * caches verified EUM certificates, so create one function per set of CIs and reuse it.
 */
export function createChainVerifier(
  trust: readonly TrustedCi[],
  { strict = false }: ChainOptions = {},
): VerifyEuiccChain {
  const verifiedEums = new Map<string, CertificateView>();

  const verifyEum = (source: Der<Certificate> | Uint8Array, ciPKId?: Uint8Array) => {
    const id = toBase64(source instanceof Uint8Array ? source : source.bytes);
    const known = verifiedEums.get(id);
    const eum = known ?? readOrRefuse(source, forEum('eumReadable'));
    const ci = findIssuer(eum, trust, ciPKId);
    if (known !== undefined) return { eum, ci };
    refuseIf(signatureFault(eum, ci.publicKey), forEum('eumSigned'));
    const [oldest] = verifiedEums.keys();
    if (verifiedEums.size >= MAX_CACHED && oldest !== undefined) verifiedEums.delete(oldest);
    verifiedEums.set(id, eum);
    return { eum, ci };
  };

  return ({ euiccCertificate, eumCertificate, now, ciPKId }) => {
    const { eum, ci } = verifyEum(eumCertificate, ciPKId);
    refuseIf(validityFault(eum, now), refuse.eumExpired);
    refuseIf(eumFault(eum, ci), refuse.eumNotVerified);
    const eumKey = publicKeyOrRefuse(eum, refuse.eumNotVerified);

    const euicc = readOrRefuse(euiccCertificate, euiccNotSigned);
    refuseIf(issuerFault(euicc, eum) ?? signatureFault(euicc, eumKey), euiccNotSigned);
    refuseIf(validityFault(euicc, now), refuse.euiccExpired);
    refuseIf(extensionFault(euicc, EUICC), refuse.euiccNotVerified);
    const eid = readEid(euicc);
    refuseIf(eidFault(eid, euicc, eum), refuse.euiccNotVerified);
    const publicKey = publicKeyOrRefuse(euicc, refuse.euiccNotVerified);
    const doubts = findDoubts({ eid, euicc, eum, ci, now });
    const [first] = doubts;
    if (strict && first !== undefined) throw first.refusal(first.text);
    const warnings = doubts.map(({ text }) => text);
    return { eid, publicKey, certificate: euicc, eumCertificate: eum, ci, warnings };
  };
}

type Doubt = { readonly text: string; readonly refusal: Refuse };
type Chain = {
  readonly eid: Eid;
  readonly euicc: CertificateView;
  readonly eum: CertificateView;
  readonly ci: TrustedCi;
  readonly now: number;
};

/** What a certificate of a real chain should not have, but published test cards and re-issued CIs do. */
function findDoubts({ eid, euicc, eum, ci, now }: Chain): readonly Doubt[] {
  const checks: readonly [string, Fault, Refuse][] = [
    ['the CI certificate', validityFault(ci.certificate, now), refuse.ciExpired],
    ['the EUM certificate', serialNumberFault(eum), refuse.eumNotVerified],
    ['the eUICC certificate', serialNumberFault(euicc), refuse.euiccNotVerified],
    ['the eUICC certificate', checkDigitsFault(eid), refuse.euiccNotVerified],
  ];
  return checks.flatMap(([whose, fault, refusal]) =>
    fault === undefined ? [] : [{ text: `${whose}: ${fault}`, refusal }],
  );
}

function checkDigitsFault(eid: Eid): Fault {
  return hasValidCheckDigits(eid) ? undefined : `the check digits of its EID ${eid} are wrong`;
}

/** Verifies one eUICC chain; use `createChainVerifier` to verify many. */
export function verifyEuiccChain({
  trust,
  ...chain
}: EuiccChain & { readonly trust: readonly TrustedCi[] }): VerifiedEuicc {
  return createChainVerifier(trust)(chain);
}

const EUM = { role: 'eum', keyUsage: 'keyCertSign', ca: true } as const;
const EUICC = { role: 'euicc', keyUsage: 'digitalSignature', ca: false } as const;

function refuseIf(fault: Fault, refusal: Refuse): void {
  if (fault !== undefined) throw refusal(fault);
}

function readOrRefuse(source: Der<Certificate> | Uint8Array, refusal: Refuse): CertificateView {
  try {
    return readCertificate(source);
  } catch (error) {
    throw error instanceof DerError ? refusal(error.message) : error;
  }
}

function publicKeyOrRefuse(certificate: CertificateView, refusal: Refuse): VerifyingKey {
  try {
    return certificate.publicKey();
  } catch (error) {
    throw error instanceof RangeError ? refusal(error.message) : error;
  }
}

/** The trusted CI that issued the EUM certificate. Throws a Refusal if the certificate names no issuer or itself. */
function findIssuer(eum: CertificateView, trust: readonly TrustedCi[], ciPKId?: Uint8Array): TrustedCi {
  const { authorityKeyIdentifier: named, subjectKeyIdentifier: own } = eum;
  if (named === undefined) throw forEum('ciTrusted')('it names no issuer: authorityKeyIdentifier is missing');
  const ci = findCi(trust, named);
  if (ci === undefined && own !== undefined && equal(named, own))
    throw forEum('ciTrusted')('it is self-signed');
  if (ci === undefined) throw refuse.ciPublicKeyUnknown();
  if (ciPKId !== undefined && !equal(ciPKId, named))
    throw refuse.ciPublicKeyUnknown('it is not the one announced in euiccCiPKIdToBeUsed');
  return ci;
}

function eumFault(eum: CertificateView, ci: TrustedCi): Fault {
  const fault = extensionFault(eum, EUM) ?? revocationFault(eum, ci);
  if (fault !== undefined) return fault;
  return eum.eidRanges === undefined && eum.permittedEins === undefined
    ? 'it does not say which EIDs its EUM may issue: nameConstraints are missing'
    : undefined;
}

function issuerFault(euicc: CertificateView, eum: CertificateView): Fault {
  const named = euicc.authorityKeyIdentifier;
  if (named === undefined) return 'it names no issuer: authorityKeyIdentifier is missing';
  const issuer = eum.subjectKeyIdentifier;
  if (issuer === undefined || !equal(named, issuer)) return 'it was not issued under this EUM certificate';
  const { issuer: issuerName } = euicc.value.tbsCertificate.value;
  const { subject } = eum.value.tbsCertificate.value;
  return equal(issuerName.bytes, subject.bytes) || isSameName(issuerName.value, subject.value)
    ? undefined
    : 'the name of its issuer is not the name of its EUM';
}

/** The EID is the one serialNumber of the subject (4.5.2.1.0.3). */
function readEid(euicc: CertificateView): Eid {
  const [eid, ...more] = valuesOf(euicc.subject.attributes, 'serialNumber');
  if (eid === undefined || more.length > 0)
    throw refuse.euiccNotVerified('its subject does not have one EID');
  try {
    return parseEid(eid);
  } catch (error) {
    throw error instanceof ValueError ? refuse.euiccNotVerified(error.message) : error;
  }
}

/** RFC 5280 would compare whole names; here the serialNumber of a permitted name is a prefix of the EID (4.5.2.1.0.2). */
function eidFault(eid: Eid, euicc: CertificateView, { eidRanges, permittedEins }: CertificateView): Fault {
  const has = (wanted: { type: string; text: string }) =>
    euicc.subject.attributes.some(({ type, text }) => type === wanted.type && text === wanted.text);
  const inRange =
    eidRanges?.some(({ eidPrefix, attributes }) => eid.startsWith(eidPrefix) && attributes.every(has)) ??
    true;
  const inEins = permittedEins?.some((ein) => eid.startsWith(ein)) ?? true;
  return inRange && inEins ? undefined : 'its EID or organization is outside the range of its EUM';
}
