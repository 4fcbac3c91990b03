import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Der, encodeWithBytes, fromHex } from '@esim-rsp/codec';
import fc from 'fast-check';
import { type Certificate, Name } from '../asn1/pkix.ts';
import { generateSigningKey, type VerifyingKey } from '../crypto/ecdsa.ts';
import { Refusal } from '../status.ts';
import type { Eid } from '../value/eid.ts';
import type { CertifiedKey } from './certificate.ts';
import { readCertificate } from './certificate.ts';
import { createChainVerifier, type EuiccChain, verifyEuiccChain } from './euicc-chain.ts';
import {
  type CertificatePlan,
  extensions,
  makeCertificate,
  withExtensions,
  withoutExtension,
} from './make-certificate.ts';
import { buildName, encodeName } from './name.ts';
import { EID, env, NOW, testPki } from './own-pki.harness.ts';
import { euiccPlan, eumPlan } from './plans.ts';
import { sgp26File, skipSgp26 } from './sgp26.harness.ts';
import { trustCi } from './trust.ts';

const pki = testPki();
const stranger = testPki();
const brainpool = testPki('brainpoolP256r1');
const [euicc] = pki.euiccs as [CertifiedKey];
const trust = [trustCi(brainpool.ci.certificate), trustCi(pki.ci.certificate)];
const [, ci] = trust;
const verify = createChainVerifier(trust);
const genuine: EuiccChain = {
  euiccCertificate: euicc.certificate,
  eumCertificate: pki.eum.certificate,
  now: NOW,
};

type Change = (plan: CertificatePlan) => CertificatePlan;
const issued = (subject: CertifiedKey, issuer: CertifiedKey) => ({
  ...env,
  notBefore: NOW - 1000,
  publicKey: subject.key.verifyingKey,
  issuer: issuer.certificate,
});
const EUM_OPTIONS = { organization: 'Test EUM', oid: '2.999.5', eidPrefixes: ['89049032'] };

/** The EUM's certificate with a fault, signed by the CI unless someone else is named. */
function eumWith(change: Change, signer = pki.ci): Der<Certificate> {
  return makeCertificate(change(eumPlan(issued(pki.eum, pki.ci), EUM_OPTIONS)), signer.key);
}

function euiccWith(change: Change, signer = pki.eum, eid: Eid = EID): Der<Certificate> {
  return makeCertificate(change(euiccPlan(issued(euicc, pki.eum), eid)), signer.key);
}

function refused(code: string, message: RegExp, chain: Partial<EuiccChain>): void {
  const refuses = (error: unknown) => {
    assert.ok(error instanceof Refusal, String(error));
    assert.equal(`${error.status.subjectCode}/${error.status.reasonCode}`, code);
    assert.match(error.status.message, message);
    return true;
  };
  assert.throws(() => verify({ ...genuine, ...chain }), refuses);
}

for (const curve of ['NIST', 'BRP'])
  test(`the genuine SGP.26 ${curve} chain is accepted`, { skip: skipSgp26 }, () => {
    const verified = verifyEuiccChain({
      euiccCertificate: sgp26File(`eUICC/CERT_EUICC_ECDSA_${curve}.der`),
      eumCertificate: sgp26File(`EUM/CERT_EUM_ECDSA_${curve}.der`),
      trust: [trustCi(sgp26File(`CertificateIssuer/CERT_CI_ECDSA_${curve}.der`))],
      now: Date.UTC(2026, 0),
    });
    assert.equal(verified.eid, '89049032123451234512345678901235');
    assert.equal(verified.publicKey.curve, curve === 'NIST' ? 'P-256' : 'brainpoolP256r1');
  });

test('our own chain is accepted on both curves, also when the EUM is remembered', () => {
  for (const { eum, euiccs } of [pki, brainpool, pki]) {
    const [card] = euiccs as [CertifiedKey];
    const verified = verify({
      ...genuine,
      euiccCertificate: card.certificate,
      eumCertificate: eum.certificate,
    });
    assert.equal(verified.eid, EID);
    assert.deepEqual(verified.publicKey.point, card.key.verifyingKey.point);
  }
});

test('the announced CI must be the one that issued the EUM certificate', () => {
  assert.equal(verify({ ...genuine, ...(ci && { ciPKId: ci.keyId }) }).eid, EID);
  const [other] = trust;
  refused('8.11.1/3.9', /euiccCiPKIdToBeUsed/, { ...(other && { ciPKId: other.keyId }) });
});

test('an EUM certificate of an unknown CI is refused with 8.11.1/3.9', () => {
  refused('8.11.1/3.9', /not trusted/, { eumCertificate: stranger.eum.certificate });
});

test('an EUM certificate that is not genuine is refused with 8.1.2/6.1', () => {
  const own = extensions.authorityKeyIdentifier(pki.eum.certificate.subjectKeyIdentifier ?? new Uint8Array());
  const faults: [RegExp, Der<Certificate>][] = [
    [/names no issuer/, eumWith((plan) => withoutExtension(plan, 'authorityKeyIdentifier'))],
    [/self-signed/, eumWith((plan) => withExtensions(plan, own), pki.eum)],
    [/signature does not verify/, eumWith((plan) => plan, stranger.ci)],
    [
      /key is on brainpoolP256r1/,
      eumWith((plan) => ({ ...plan, publicKey: brainpool.eum.key.verifyingKey })),
    ],
    [/role is dp-auth, not eum/, eumWith((plan) => withExtensions(plan, extensions.role('dp-auth')))],
    [/role is not stated/, eumWith((plan) => withoutExtension(plan, 'certificatePolicies'))],
    [/key usage/, eumWith((plan) => withExtensions(plan, extensions.keyUsage('digitalSignature')))],
    [/not a CA/, eumWith((plan) => withoutExtension(plan, 'basicConstraints'))],
    [/nameConstraints are missing/, eumWith((plan) => withoutExtension(plan, 'nameConstraints'))],
    [/critical extension 1\.2\.3/, eumWith((plan) => withExtensions(plan, UNKNOWN_CRITICAL))],
  ];
  for (const [message, eumCertificate] of faults) refused('8.1.2/6.1', message, { eumCertificate });
  refused('8.1.2/6.1', /./, { eumCertificate: pki.dpAuth.certificate });
  refused('8.1.2/6.1', /bytes/, { eumCertificate: new Uint8Array([0x30, 0x01]) });
});

const UNKNOWN_CRITICAL = { extnID: '1.2.3', critical: true, extnValue: Uint8Array.of(5, 0) };

test('an extension that is not critical may be unknown', () => {
  const eumCertificate = eumWith((plan) => withExtensions(plan, { ...UNKNOWN_CRITICAL, critical: false }));
  assert.equal(verify({ ...genuine, eumCertificate }).eid, EID);
});

test('an expired EUM certificate is refused with 8.1.2/6.3, whatever else is wrong with it', () => {
  const expired: Change = (plan) =>
    withoutExtension({ ...plan, notAfter: NOW - 1000 }, 'certificatePolicies');
  refused('8.1.2/6.3', /it expired on 2030-01-15T11:59:59Z/, { eumCertificate: eumWith(expired) });
  refused('8.1.2/6.3', /not valid before/, {
    eumCertificate: eumWith((plan) => ({ ...plan, notBefore: NOW + 1000 })),
  });
  refused('8.1.2/6.3', /expired/, { now: Date.UTC(2070, 0) });
  refused('8.1.2/6.1', /signature/, { eumCertificate: eumWith(expired, stranger.ci) });
});

test('a certificate is valid through its last second', () => {
  const eumCertificate = eumWith((plan) => ({ ...plan, notAfter: NOW }));
  assert.equal(verify({ ...genuine, eumCertificate, now: NOW + 999 }).eid, EID);
  refused('8.1.2/6.3', /expired/, { eumCertificate, now: NOW + 1000 });
});

test('a revoked EUM certificate is refused with 8.1.2/6.1', () => {
  const { serialNumber } = pki.eum.certificate;
  const revoking = createChainVerifier([
    { ...trustCi(pki.ci.certificate), revoked: new Set([serialNumber]) },
  ]);
  assert.throws(() => revoking(genuine), /8\.1\.2\/6\.1.*revoked/);
});

test('an eUICC certificate that is not genuine is refused with 8.1.3/6.1', () => {
  const subject =
    (parts: Parameters<typeof encodeName>[0]): Change =>
    (plan) => ({ ...plan, subject: encodeName(parts) });
  const faults: [RegExp, Der<Certificate>][] = [
    [/names no issuer/, euiccWith((plan) => withoutExtension(plan, 'authorityKeyIdentifier'))],
    [
      /name of its issuer/,
      euiccWith((plan) => ({ ...plan, issuer: encodeName({ organization: 'Another' }) })),
    ],
    [
      /name of its issuer/,
      euiccWith((plan) => ({ ...plan, issuer: pki.ci.certificate.value.tbsCertificate.value.subject })),
    ],
    [/not an uncompressed point/, euiccWith((plan) => ({ ...plan, publicKey: hybrid(plan.publicKey) }))],
    [/not issued under this EUM/, (stranger.euiccs as [CertifiedKey])[0].certificate],
    [/signature does not verify/, euiccWith((plan) => plan, euicc)],
    [/signature does not verify/, euiccWith((plan) => plan, pki.ci)],
    [
      /key is on brainpoolP256r1/,
      euiccWith((plan) => ({ ...plan, publicKey: brainpool.eum.key.verifyingKey })),
    ],
    [/role is eum, not euicc/, euiccWith((plan) => withExtensions(plan, extensions.role('eum')))],
    [/key usage/, euiccWith((plan) => withoutExtension(plan, 'keyUsage'))],
    [/a CA certificate/, euiccWith((plan) => withExtensions(plan, extensions.basicConstraints()))],
    [/critical extension/, euiccWith((plan) => withExtensions(plan, UNKNOWN_CRITICAL))],
    [/outside the range/, euiccWith((plan) => plan, pki.eum, EID.replace('89049032', '89049033') as Eid)],
    [/outside the range/, euiccWith(subject({ organization: 'Another EUM', serialNumber: EID }))],
    [/one EID/, euiccWith(subject({ organization: 'Test EUM' }))],
    [/32 decimal digits/, euiccWith(subject({ organization: 'Test EUM', serialNumber: `${EID}0` }))],
  ];
  for (const [message, euiccCertificate] of faults) refused('8.1.3/6.1', message, { euiccCertificate });
});

/** The same key with a hybrid point (SEC 1 2.3.3), which OpenSSL reads too. */
function hybrid(key: VerifyingKey): VerifyingKey {
  const spki = Uint8Array.from(key.spki);
  const parity = (key.point[64] ?? 0) & 1;
  spki[spki.length - 65] = 0x06 | parity;
  return { ...key, spki };
}

test('an EUM certificate with a hybrid point is refused with 8.1.2/6.1', () => {
  const eumCertificate = eumWith((plan) => ({ ...plan, publicKey: hybrid(plan.publicKey) }));
  refused('8.1.2/6.1', /not an uncompressed point/, { eumCertificate });
});

test('a CI certificate with a compressed or hybrid point cannot be trusted', () => {
  const plan = { ...planOf(pki.ci), publicKey: hybrid(pki.ci.key.verifyingKey) };
  assert.throws(() => trustCi(makeCertificate(plan, pki.ci.key)), /key of the CI certificate/);
});

test('the name of the EUM may be written in another case, with other blanks and as another string type', () => {
  const name = pki.eum.certificate.value.tbsCertificate.value.subject.value;
  const issuer = encodeWithBytes(
    Name,
    name.map((rdn) => rdn.map(({ type, value }) => ({ type, value: { printable: respell(value) } }))),
  );
  assert.equal(verify({ ...genuine, euiccCertificate: euiccWith((plan) => ({ ...plan, issuer })) }).eid, EID);
});

function respell(value: Name[number][number]['value']): string {
  const text = 'utf8' in value ? value.utf8 : 'printable' in value ? value.printable : assert.fail();
  return ` ${text.toUpperCase().replaceAll(' ', '  ')} `;
}

test('the name of the CI does not matter: its key counts, because re-issued CIs differ in name', () => {
  const eumCertificate = eumWith((plan) => ({ ...plan, issuer: encodeName({ commonName: 'GSMA Test CI' }) }));
  assert.equal(verify({ ...genuine, eumCertificate }).eid, EID);
});

test('an expired CI, odd serial numbers and wrong check digits are warnings, and refused with strict', () => {
  const strict = createChainVerifier(trust, { strict: true });
  assert.deepEqual(strict(genuine).warnings, []);
  const serial =
    (hex: string): Change =>
    (plan) => ({ ...plan, serialNumber: fromHex(hex) });
  const wrong = EID.replace(/..$/, '00') as Eid;
  const expiredCi = Date.UTC(2066, 0);
  const long: Change = (plan) => ({ ...plan, notAfter: Date.UTC(2099, 0) });
  const doubts: [RegExp, string, Partial<EuiccChain>][] = [
    [/CI certificate: it expired/, '8.11.1/3.9', { now: expiredCi, eumCertificate: eumWith(long) }],
    [/EUM certificate: its serial number is zero/, '8.1.2/6.1', { eumCertificate: eumWith(serial('00')) }],
    [/EUM certificate: .* is negative/, '8.1.2/6.1', { eumCertificate: eumWith(serial('80')) }],
    [/eUICC certificate: .* negative/, '8.1.3/6.1', { euiccCertificate: euiccWith(serial('ff01')) }],
    [/21 octets/, '8.1.3/6.1', { euiccCertificate: euiccWith(serial(`01${'00'.repeat(20)}`)) }],
    [/check digits/, '8.1.3/6.1', { euiccCertificate: euiccWith((plan) => plan, pki.eum, wrong) }],
  ];
  for (const [text, code, change] of doubts) {
    const { warnings } = verify({ ...genuine, ...change });
    assert.equal(warnings.length, 1);
    assert.match(warnings[0] ?? '', text);
    const [subjectCode, reasonCode] = code.split('/');
    assert.throws(
      () => strict({ ...genuine, ...change }),
      (error) =>
        error instanceof Refusal &&
        text.test(error.status.message) &&
        error.status.subjectCode === subjectCode &&
        error.status.reasonCode === reasonCode,
    );
  }
});

test('an eUICC certificate with two EIDs is refused', () => {
  const name = euicc.certificate.value.tbsCertificate.value.subject.value;
  const subject = encodeWithBytes(Name, [...name, ...buildName({ serialNumber: EID })]);
  const euiccCertificate = euiccWith((plan) => ({ ...plan, subject }));
  refused('8.1.3/6.1', /one EID/, { euiccCertificate });
});

test('an expired eUICC certificate is refused with 8.1.3/6.3, whatever else its extensions say', () => {
  const expired: Change = (plan) => withoutExtension({ ...plan, notAfter: NOW - 1000 }, 'keyUsage');
  refused('8.1.3/6.3', /expired/, { euiccCertificate: euiccWith(expired) });
});

test('several EID ranges are alternatives, and the EINs of v3 count like them', () => {
  const outside = EID.replace('89049032', '89033023') as Eid;
  const card = euiccWith((plan) => plan, pki.eum, outside);
  const two = eumWith((plan) => withExtensions(plan, extensions.eidRanges('Test EUM', ['8904', '8903302'])));
  assert.equal(verify({ ...genuine, euiccCertificate: card, eumCertificate: two }).eid, outside);
  const v3 = (...eins: string[]) =>
    eumWith((plan) =>
      withExtensions(withoutExtension(plan, 'nameConstraints'), extensions.permittedEins(eins)),
    );
  assert.equal(verify({ ...genuine, euiccCertificate: card, eumCertificate: v3('89033023') }).eid, outside);
  refused('8.1.3/6.1', /outside the range/, { euiccCertificate: card, eumCertificate: v3('89049032', '') });
});

test('no one-byte change of either certificate is accepted', () => {
  const names = ['euiccCertificate', 'eumCertificate'] as const;
  const change = fc.tuple(fc.constantFrom(...names), fc.nat(400), fc.integer({ min: 1, max: 255 }));
  const stays = ([name, at, by]: [(typeof names)[number], number, number]) => {
    const changed = Uint8Array.from(readCertificate(genuine[name]).bytes);
    changed[at] = (changed[at] ?? 0) ^ by;
    assert.throws(() => verify({ ...genuine, [name]: changed }), Refusal);
  };
  fc.assert(fc.property(change, stays), { numRuns: 500 });
});

test('only a self-signed CI certificate can be trusted', () => {
  assert.throws(() => trustCi(pki.eum.certificate), /names another issuer/);
  const swapped = generateSigningKey('P-256');
  assert.throws(
    () => trustCi(makeCertificate({ ...planOf(pki.ci), publicKey: swapped.verifyingKey }, pki.ci.key)),
    /signature does not verify/,
  );
});

function planOf({ certificate, key }: CertifiedKey): CertificatePlan {
  const { issuer, subject, serialNumber, extensions: list } = certificate.value.tbsCertificate.value;
  const { notBefore, notAfter } = certificate;
  return {
    serialNumber,
    issuer,
    subject,
    notBefore,
    notAfter,
    publicKey: key.verifyingKey,
    extensions: list?.list ?? [],
  };
}
