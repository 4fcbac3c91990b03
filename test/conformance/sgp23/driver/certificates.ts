import { generateSigningKey, type LocalSigningKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import type { CertificateView, CertifiedKey } from '@esim-rsp/sgp22/pki/certificate';
import {
  type CertificatePlan,
  extensions,
  withExtensions,
  withoutExtension,
} from '@esim-rsp/sgp22/pki/make-certificate';
import { certifyUnder, makeEuicc, makeTestPki } from '@esim-rsp/sgp22/pki/maker';
import { euiccPlan, eumPlan } from '@esim-rsp/sgp22/pki/plans';
import { type Euicc, eidPrefixOf, eidUnder, type Issuers } from './euicc.ts';

/** Faulty certificates, made by the maker that makes the good ones: a plan with one change. */
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

/** An EUM of the same name and range as the good one. */
function eumUnder({ env, eum }: Issuers, issuer: CertifiedKey, change: PlanChange): CertifiedKey {
  const { subject, registeredIds } = eum.certificate;
  const options = {
    organization: subject.organization ?? 'Test EUM',
    oid: registeredIds[0] ?? '2.999.5',
    eidPrefixes: [eidPrefixOf(eum.certificate)],
  };
  return certifyUnder(env, issuer, (issued) => change(eumPlan(issued, options)));
}

/** The eUICC under another EUM; its own certificate is as it should be. */
function under(euicc: Euicc, { env }: Issuers, eum: CertifiedKey): Euicc {
  return { ...euicc, identity: makeEuicc(env, eum, euicc.eid), eumCertificate: eum.certificate };
}

export type EuiccChange = (euicc: Euicc, issuers: Issuers) => Euicc;

export function eumCertificate(change: PlanChange): EuiccChange {
  return (euicc, issuers) => under(euicc, issuers, eumUnder(issuers, issuers.ci, change));
}

/** Signed with a key that is not that of the CI it names. */
export const eumNotSignedByCi: EuiccChange = (euicc, issuers) => {
  const forger = { certificate: issuers.ci.certificate, key: generateSigningKey(issuers.curve) };
  return under(euicc, issuers, eumUnder(issuers, forger, unchanged));
};

/** Issued by itself: the same key once more, under the certificate that it had. */
export const eumSelfSigned: EuiccChange = (euicc, issuers) => {
  const first = eumUnder(issuers, issuers.ci, unchanged);
  const env = { ...issuers.env, drawKey: (): LocalSigningKey => first.key };
  return under(euicc, issuers, eumUnder({ ...issuers, env }, first, unchanged));
};

/** Under a CI that nobody else knows. */
export const eumUnderUnknownCi: EuiccChange = (euicc, issuers) => {
  const { ci } = makeTestPki({ ...issuers.env, curve: issuers.curve, hosts: ['localhost'] });
  return under(euicc, issuers, eumUnder(issuers, ci, unchanged));
};

export function euiccCertificate(change: PlanChange): EuiccChange {
  return (euicc, { env, eum }) => {
    const identity = certifyUnder(env, eum, (issued) => change(euiccPlan(issued, euicc.eid)));
    return { ...euicc, identity };
  };
}

export const euiccNotSignedByEum: EuiccChange = (euicc, { env, eum, curve }) => {
  const forger: { certificate: CertificateView; key: LocalSigningKey } = {
    certificate: eum.certificate,
    key: generateSigningKey(curve),
  };
  return { ...euicc, identity: makeEuicc(env, forger, euicc.eid) };
};

export const eidOutsideRange: EuiccChange = (euicc, { env, eum }) => {
  const eid = eidUnder(eidPrefixOf(eum.certificate) === '89044045' ? '89049099' : '89044045');
  return { ...euicc, eid, identity: makeEuicc(env, eum, eid) };
};
