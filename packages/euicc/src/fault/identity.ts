import type { Curve } from '@esim-rsp/sgp22/crypto/ecdsa';
import type { Random } from '@esim-rsp/sgp22/crypto/random';
import type { CertificateView, CertifiedKey } from '@esim-rsp/sgp22/pki/certificate';
import {
  type CertificatePlan,
  extensions,
  withExtensions,
  withoutExtension,
} from '@esim-rsp/sgp22/pki/make-certificate';
import { euiccPlan, eumPlan } from '@esim-rsp/sgp22/pki/plans';
import { certifyUnder, makeEuicc, makeTestPki, type TestPkiEnv } from '@esim-rsp/sgp22/pki/test-pki';
import { completeEid, type Eid } from '@esim-rsp/sgp22/value/eid';

/** The certificates of an eUICC. */
export type Identity = {
  readonly eid: Eid;
  readonly euicc: CertifiedKey;
  readonly eumCertificate: CertificateView;
};

/** The issuers of the certificates of an eUICC: CI and EUM of one curve, with their keys. */
export type Issuers = {
  readonly env: TestPkiEnv;
  readonly curve: Curve;
  readonly ci: CertifiedKey;
  readonly eum: CertifiedKey;
};

export type IdentityChange = (identity: Identity, issuers: Issuers) => Identity;

/** Wrong certificates are issued like correct ones, from a plan with one change. */
type PlanChange = (plan: CertificatePlan) => CertificatePlan;

export const expired: PlanChange = (plan) => ({
  ...plan,
  notBefore: Date.UTC(2015, 0, 1),
  notAfter: Date.UTC(2016, 0, 1),
});
export const withoutIssuer: PlanChange = (plan) => withoutExtension(plan, 'authorityKeyIdentifier');
export const withoutPolicy: PlanChange = (plan) => withoutExtension(plan, 'certificatePolicies');
export const inRoleOfServer: PlanChange = (plan) => withExtensions(plan, extensions.role('dp-auth'));

const unchanged: PlanChange = (plan) => plan;

/** The first digits of the EIDs that an EUM may assign. */
export function eidPrefixOf({ eidRanges, permittedEins }: CertificateView): string {
  return eidRanges?.[0]?.eidPrefix ?? permittedEins?.[0] ?? '89049032';
}

export function generateEidUnder(prefix: string, random: Random): Eid {
  const digits = Array.from(random(30), (octet) => octet % 10).join('');
  return completeEid((prefix + digits).slice(0, 30));
}

/** An EUM of the same name and range as the correct one. */
function eumUnder({ env, eum }: Issuers, issuer: CertifiedKey, change: PlanChange): CertifiedKey {
  const { subject, registeredIds } = eum.certificate;
  const options = {
    organization: subject.organization ?? 'Test EUM',
    oid: registeredIds[0] ?? '2.999.5',
    eidPrefixes: [eidPrefixOf(eum.certificate)],
  };
  return certifyUnder(env, issuer, (issued) => change(eumPlan(issued, options)));
}

/** Issues the eUICC under another EUM; its own certificate is correct. */
function issueUnder({ eid }: Identity, { env }: Issuers, eum: CertifiedKey): Identity {
  return { eid, euicc: makeEuicc(env, eum, eid), eumCertificate: eum.certificate };
}

export function eumCertificate(change: PlanChange): IdentityChange {
  return (identity, issuers) => issueUnder(identity, issuers, eumUnder(issuers, issuers.ci, change));
}

/** Signed with a key that does not belong to the CI that it names. */
export const eumNotSignedByCi: IdentityChange = (identity, issuers) => {
  const forger = { certificate: issuers.ci.certificate, key: issuers.env.generateKey(issuers.curve) };
  return issueUnder(identity, issuers, eumUnder(issuers, forger, unchanged));
};

/** Issued by itself: the same key again, under its own certificate. */
export const eumSelfSigned: IdentityChange = (identity, issuers) => {
  const first = eumUnder(issuers, issuers.ci, unchanged);
  const env = { ...issuers.env, generateKey: () => first.key };
  return issueUnder(identity, issuers, eumUnder({ ...issuers, env }, first, unchanged));
};

/** Under a CI that the server does not know. */
export const eumUnderUnknownCi: IdentityChange = (identity, issuers) => {
  const { ci } = makeTestPki({ ...issuers.env, curve: issuers.curve, hosts: ['localhost'] });
  return issueUnder(identity, issuers, eumUnder(issuers, ci, unchanged));
};

export function euiccCertificate(change: PlanChange): IdentityChange {
  return ({ eid, eumCertificate }, { env, eum }) => {
    const euicc = certifyUnder(env, eum, (issued) => change(euiccPlan(issued, eid)));
    return { eid, euicc, eumCertificate };
  };
}

export const euiccNotSignedByEum: IdentityChange = ({ eid, eumCertificate }, { env, eum, curve }) => {
  const forger = { certificate: eum.certificate, key: env.generateKey(curve) };
  return { eid, euicc: makeEuicc(env, forger, eid), eumCertificate };
};

/** A genuine one with another EID. */
function withEid(prefixOf: (own: string) => string): IdentityChange {
  return (_identity, { env, eum }) => {
    const eid = generateEidUnder(prefixOf(eidPrefixOf(eum.certificate)), env.random);
    return { eid, euicc: makeEuicc(env, eum, eid), eumCertificate: eum.certificate };
  };
}

export const anotherEuicc = withEid((own) => own);
export const eidOutsideRange = withEid((own) => (own === '89044045' ? '89049099' : '89044045'));
