import { type Curve, generateSigningKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import type { CertifiedKey } from '@esim-rsp/sgp22/pki/certificate';
import { extensions, withExtensions } from '@esim-rsp/sgp22/pki/make-certificate';
import { signingPlan } from '@esim-rsp/sgp22/pki/plans';
import { certifyUnder, makeTestPki, type TestPki, type TestPkiEnv } from '@esim-rsp/sgp22/pki/test-pki';
import { completeEid } from '@esim-rsp/sgp22/value/eid';
import { type Card, createCard } from './index.ts';
import type { TestDp } from './server.harness.ts';

export const makerEnv: TestPkiEnv = {
  now: Date.UTC(2030, 0, 15, 12),
  random: systemRandom,
  generateKey: generateSigningKey,
};
export const EID = completeEid('890490320010012345001234567890');
export const SMDP_OID = '2.999.10';

const made = new Map<Curve, TestPki>();

/** A PKI of our own, made once for each curve. */
export function pkiOn(curve: Curve): TestPki {
  const pki = made.get(curve) ?? makeTestPki({ ...makerEnv, curve, hosts: ['localhost'], eids: [EID] });
  made.set(curve, pki);
  return pki;
}

/** A new card with an identity under the CI of each curve, the first one preferred. */
export function newCard(...curves: readonly Curve[]): Card {
  const pkis = (curves.length === 0 ? (['P-256'] as const) : curves).map(pkiOn);
  return createCard({
    eid: EID,
    identities: pkis.map(({ euiccs, eum }) => ({
      euicc: euiccs[0] as CertifiedKey,
      eumCertificate: eum.certificate.bytes,
    })),
    ciCertificates: pkis.map(({ ci }) => ci.certificate.bytes),
  });
}

export function dpOn(curve: Curve = 'P-256'): TestDp {
  const { ci, dpAuth, dpPb } = pkiOn(curve);
  return { ciPKId: ci.certificate.subjectKeyIdentifier as Uint8Array, dpAuth, dpPb };
}

type SigningRole = Parameters<typeof signingPlan>[1];

/** A certificate under the CI, with other extensions than it should have. */
export function certified(
  role: SigningRole,
  oid: string = SMDP_OID,
  changes: Parameters<typeof withExtensions>[1][] = [],
): CertifiedKey {
  const server = { organization: 'Test SM-DP+', oid };
  return certifyUnder(makerEnv, pkiOn('P-256').ci, (issued) =>
    withExtensions(signingPlan(issued, role, server), ...changes),
  );
}

export { extensions };
