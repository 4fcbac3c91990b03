import type { Curve, LocalSigningKey } from '../crypto/ecdsa.ts';
import type { Random } from '../crypto/random.ts';
import type { Eid } from '../value/eid.ts';
import { type CertificateView, type CertifiedKey, certificatePem, readCertificate } from './certificate.ts';
import type { RequestView } from './certification-request.ts';
import { type PkiFiles, pkiFilePath } from './files.ts';
import { type CertificatePlan, makeCertificate } from './make-certificate.ts';
import {
  ciPlan,
  clientPlan,
  euiccPlan,
  eumPlan,
  type Issuance,
  type Issued,
  signingPlan,
  type TlsOptions,
  tlsPlan,
} from './plans.ts';

/** Randomness, time and key generation, as arguments. */
export type TestPkiEnv = {
  readonly random: Random;
  /** Epoch milliseconds. */
  readonly now: number;
  /** Generates a key pair: `generateSigningKey`, or fixed keys for a reproducible PKI. */
  readonly generateKey: (curve: Curve) => LocalSigningKey;
};

export type TestPkiOptions = TestPkiEnv & {
  readonly curve: Curve;
  /** Host names of the SM-DP+. */
  readonly hosts: TlsOptions['hosts'];
  readonly smdpOid?: string;
  readonly eidPrefixes?: readonly string[];
  /** One eUICC is created for each EID. */
  readonly eids?: readonly Eid[];
  readonly crlUris?: readonly string[];
};

/** A complete PKI (4.5): one CI, one EUM with its eUICCs, one SM-DP+. */
export type TestPki = {
  readonly curve: Curve;
  readonly ci: CertifiedKey;
  readonly eum: CertifiedKey;
  readonly euiccs: readonly CertifiedKey[];
  readonly dpAuth: CertifiedKey;
  readonly dpPb: CertifiedKey;
  readonly dpTls: CertifiedKey;
};

const CRL_URIS = ['http://ci.example.com/CRL-A.crl', 'http://ci.example.com/CRL-B.crl'];

/** notBefore is this much earlier than `now`, because clocks differ. */
const DAY = 86_400_000;

/** Creates a PKI with the structure of that of SGP.26. Only for tests: the private key of the CI is included. */
export function makeTestPki(options: TestPkiOptions): TestPki {
  const { curve, hosts, smdpOid: oid = '2.999.10', eidPrefixes = ['89049032'], eids = [] } = options;
  const crlUris = options.crlUris ?? CRL_URIS;
  const ci = certify(options, curve, (own) => ciPlan(own, { name: 'Test CI', oid: '2.999.1', crlUris }));
  const server = { organization: 'Test SM-DP+', oid };
  const eumOptions = { organization: 'Test EUM', oid: '2.999.5', eidPrefixes };
  const eum = certifyUnder(options, ci, (issued) => eumPlan(issued, eumOptions));
  return {
    curve,
    ci,
    eum,
    euiccs: eids.map((eid) => makeEuicc(options, eum, eid)),
    dpAuth: certifyUnder(options, ci, (issued) => signingPlan(issued, 'dp-auth', server)),
    dpPb: certifyUnder(options, ci, (issued) => signingPlan(issued, 'dp-pb', server)),
    dpTls: certifyUnder(options, ci, (issued) => tlsPlan(issued, { ...server, hosts })),
  };
}

/** Creates an eUICC of this EUM: a new key and CERT.EUICC for the EID. */
export function makeEuicc(env: TestPkiEnv, eum: CertifiedKey, eid: Eid): CertifiedKey {
  return certifyUnder(env, eum, (issued) => euiccPlan(issued, eid));
}

/** Creates a key and a self-signed certificate for an operator that calls ES2+. */
export function makeClient(env: TestPkiEnv, commonName: string): CertifiedKey {
  return certify(env, 'P-256', (own) => clientPlan(own, commonName));
}

/** Creates a key and its certificate, issued according to the plan. */
export function certifyUnder(
  env: TestPkiEnv,
  issuer: CertifiedKey,
  plan: (issued: Issued) => CertificatePlan,
): CertifiedKey {
  const { certificate, key } = issuer;
  return certify(env, key.curve, (own) => plan({ ...own, issuer: certificate }), key);
}

/** Issues the certificate of a request: its subject, OID, host names and key, for the usual time. */
export function certifyRequest(
  { random, now }: Pick<TestPkiEnv, 'random' | 'now'>,
  ci: CertifiedKey,
  { role, subject, publicKey, registeredIds, dnsNames }: RequestView,
): CertificateView {
  const issued = { publicKey, random, notBefore: startOf(now), issuer: ci.certificate };
  const server = { organization: '', oid: registeredIds[0] ?? '' };
  const hosts = dnsNames as unknown as TlsOptions['hosts'];
  const plan = role === 'dp-tls' ? tlsPlan(issued, { ...server, hosts }) : signingPlan(issued, role, server);
  return readCertificate(makeCertificate({ ...plan, subject }, ci.key));
}

function startOf(now: number): number {
  return Math.floor((now - DAY) / 1000) * 1000;
}

/** Creates a key and its certificate, signed with `issuerKey`; self-signed if absent. */
function certify(
  { random, now, generateKey }: TestPkiEnv,
  curve: Curve,
  plan: (issuance: Issuance) => CertificatePlan,
  issuerKey?: LocalSigningKey,
): CertifiedKey {
  const key = generateKey(curve);
  const certificate = makeCertificate(
    plan({ publicKey: key.verifyingKey, notBefore: startOf(now), random }),
    issuerKey ?? key,
  );
  return { certificate: readCertificate(certificate), key };
}

/** The files of a test PKI, named as in SGP.26. They include private keys. `readServerCertificates` reads them. */
export function testPkiFiles({ curve, ci, eum, euiccs, dpAuth, dpPb, dpTls }: TestPki): PkiFiles {
  const text = new TextEncoder();
  const pair = (
    role: Parameters<typeof pkiFilePath>[1],
    { certificate, key }: CertifiedKey,
    index?: number,
  ) => {
    const path = pkiFilePath('CERT', role, curve, index);
    return [
      [path, certificate.bytes],
      [path.replace(/der$/, 'pem'), text.encode(certificatePem(certificate))],
      [pkiFilePath('SK', role, curve, index), text.encode(key.exportPem())],
    ] as const;
  };
  return new Map([
    ...pair('ci', ci),
    ...pair('eum', eum),
    ...euiccs.flatMap((euicc, i) => pair('euicc', euicc, i + 1)),
    ...pair('dp-auth', dpAuth),
    ...pair('dp-pb', dpPb),
    ...pair('dp-tls', dpTls),
  ]);
}
