import assert from 'node:assert/strict';
import { type Der, encodeWithBytes } from '@esim-rsp/codec';
import { type Certificate, Name } from '@esim-rsp/sgp22/asn1/pkix';
import { generateSigningKey, type VerifyingKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { type CertifiedKey, readCertificate } from '@esim-rsp/sgp22/pki/certificate';
import type { PkiFiles } from '@esim-rsp/sgp22/pki/files';
import {
  type CertificatePlan,
  extensions,
  makeCertificate,
  withExtensions,
  withoutExtension,
} from '@esim-rsp/sgp22/pki/make-certificate';
import { buildName, encodeName } from '@esim-rsp/sgp22/pki/name';
import { readCi, readEum, readServerCertificates } from '@esim-rsp/sgp22/pki/pki-set';
import { euiccPlan, eumPlan } from '@esim-rsp/sgp22/pki/plans';
import { makeEuicc, makeTestPki } from '@esim-rsp/sgp22/pki/test-pki';
import type { Eid } from '@esim-rsp/sgp22/value/eid';

const env = { random: systemRandom, generateKey: generateSigningKey, now: Date.now() };
const DAY = 86_400_000;

/** The certificates of an eUICC, and its key in PEM. */
export type Chain = {
  readonly euiccCertificate: Uint8Array;
  readonly eumCertificate: Uint8Array;
  readonly privateKey: string;
};
export type Forgery = Chain & { readonly name: string };
type Change = (plan: CertificatePlan) => CertificatePlan;

/** A genuine chain under a test PKI with the keys of its CI and EUM, and chains that are each wrong in one way. */
export function forgedChains(
  pki: PkiFiles,
  eid: Eid,
  random: (below: number) => number,
): { readonly genuine: Chain; readonly forged: readonly Forgery[] } {
  const [ci, eum] = [readCi(pki, 'P-256'), readEum(pki, 'P-256')];
  const [euicc] = [makeEuicc(env, eum, eid)];
  const privateKey = euicc.key.exportPem();
  const genuine = {
    euiccCertificate: euicc.certificate.bytes,
    eumCertificate: eum.certificate.bytes,
    privateKey,
  };
  const forged = [
    ...eumForgeries(pki, ci, eum).map(([name, certificate]) => ({ name, eumCertificate: certificate.bytes })),
    ...euiccForgeries(ci, eum, euicc, eid).map(([name, certificate]) => ({
      name,
      euiccCertificate: certificate.bytes,
    })),
    ...changedOctets(genuine, random),
    ...underOtherEums(eum, euicc, eid),
  ];
  return { genuine, forged: forged.map((change) => ({ ...genuine, ...change })) };
}

type Named = readonly [name: string, certificate: Pick<Der<Certificate>, 'bytes'>];

function issued(subject: CertifiedKey, issuer: CertifiedKey) {
  const { certificate } = issuer;
  return { ...env, notBefore: env.now - DAY, publicKey: subject.key.verifyingKey, issuer: certificate };
}

const UNKNOWN = { extnID: '1.2.3', critical: true, extnValue: Uint8Array.of(5, 0) };
const keyIdOf = ({ certificate }: CertifiedKey) => certificate.subjectKeyIdentifier ?? assert.fail();
const stranger = makeTestPki({ ...env, curve: 'P-256', hosts: ['localhost'] });
const brainpool = generateSigningKey('brainpoolP256r1').verifyingKey;

/** The same key with a hybrid point, which OpenSSL reads too. */
function hybrid(key: VerifyingKey): VerifyingKey {
  const spki = Uint8Array.from(key.spki);
  spki[spki.length - 65] = 0x06 | ((key.point[64] ?? 0) & 1);
  return { ...key, spki };
}

function eumForgeries(pki: PkiFiles, ci: CertifiedKey, eum: CertifiedKey): Named[] {
  const options = {
    organization: eum.certificate.subject.organization ?? assert.fail(),
    oid: '2.999.5',
    eidPrefixes: ['89049032'],
  };
  const certify = (change: Change, signer = ci) =>
    makeCertificate(change(eumPlan(issued(eum, ci), options)), signer.key);
  const { dpAuth, dpTls } = readServerCertificates(pki, { now: env.now, curve: 'P-256' });
  return [
    ['EUM without an issuer', certify((plan) => withoutExtension(plan, 'authorityKeyIdentifier'))],
    [
      'EUM that names itself as issuer',
      certify((plan) => withExtensions(plan, extensions.authorityKeyIdentifier(keyIdOf(eum))), eum),
    ],
    ['EUM signed by its own key', certify((plan) => plan, eum)],
    ['EUM signed by another CI', certify((plan) => plan, stranger.ci)],
    [
      'EUM under an unknown CI',
      certify(
        (plan) => withExtensions(plan, extensions.authorityKeyIdentifier(keyIdOf(stranger.ci))),
        stranger.ci,
      ),
    ],
    ['EUM with the role of an SM-DP+', certify((plan) => withExtensions(plan, extensions.role('dp-auth')))],
    ['EUM with the role of a CI', certify((plan) => withExtensions(plan, extensions.role('ci')))],
    ['EUM without a role', certify((plan) => withoutExtension(plan, 'certificatePolicies'))],
    [
      'EUM with the key usage digitalSignature',
      certify((plan) => withExtensions(plan, extensions.keyUsage('digitalSignature'))),
    ],
    ['EUM without key usage', certify((plan) => withoutExtension(plan, 'keyUsage'))],
    ['EUM that is no CA', certify((plan) => withoutExtension(plan, 'basicConstraints'))],
    ['EUM without name constraints', certify((plan) => withoutExtension(plan, 'nameConstraints'))],
    ['EUM with an unknown critical extension', certify((plan) => withExtensions(plan, UNKNOWN))],
    [
      'EUM for other EIDs',
      certify((plan) => withExtensions(plan, extensions.eidRanges(options.organization, ['89049033']))),
    ],
    [
      'EUM of another organization',
      certify((plan) => withExtensions(plan, extensions.eidRanges('Another', ['89049032']))),
    ],
    ['EUM that has expired', certify((plan) => ({ ...plan, notAfter: env.now - DAY }))],
    ['EUM that is not valid yet', certify((plan) => ({ ...plan, notBefore: env.now + DAY }))],
    ['EUM with a hybrid point', certify((plan) => ({ ...plan, publicKey: hybrid(plan.publicKey) }))],
    ['EUM on the other curve', certify((plan) => ({ ...plan, publicKey: brainpool }))],
    ['DPauth as EUM', dpAuth.certificate],
    ['DPtls as EUM', dpTls.certificate],
    ['the CI as EUM', ci.certificate],
    ['the EUM of another PKI', stranger.eum.certificate],
  ];
}

function euiccForgeries(ci: CertifiedKey, eum: CertifiedKey, euicc: CertifiedKey, eid: Eid): Named[] {
  const certify = (change: Change, signer = eum, own = eid) =>
    makeCertificate(change(euiccPlan(issued(euicc, eum), own)), signer.key);
  const { organization = assert.fail() } = eum.certificate.subject;
  const subject =
    (serialNumber: string, name = organization): Change =>
    (plan) => ({
      ...plan,
      subject: encodeName({ organization: name, ...(serialNumber !== '' && { serialNumber }) }),
    });
  const twoEids: Change = (plan) => ({
    ...plan,
    subject: encodeWithBytes(Name, [...plan.subject.value, ...buildName({ serialNumber: eid })]),
  });
  const ciName = ci.certificate.value.tbsCertificate.value.subject;
  return [
    ['eUICC without an issuer', certify((plan) => withoutExtension(plan, 'authorityKeyIdentifier'))],
    [
      'eUICC that names the CI as issuer',
      certify((plan) => withExtensions(plan, extensions.authorityKeyIdentifier(keyIdOf(ci))), ci),
    ],
    ['eUICC signed by its own key', certify((plan) => plan, euicc)],
    ['eUICC signed by the CI', certify((plan) => plan, ci)],
    ['eUICC signed by another EUM', certify((plan) => plan, stranger.eum)],
    ['eUICC whose issuer has the name of the CI', certify((plan) => ({ ...plan, issuer: ciName }))],
    [
      'eUICC whose issuer has another name',
      certify((plan) => ({ ...plan, issuer: encodeName({ organization: 'Another' }) })),
    ],
    ['eUICC with the role of an EUM', certify((plan) => withExtensions(plan, extensions.role('eum')))],
    ['eUICC without a role', certify((plan) => withoutExtension(plan, 'certificatePolicies'))],
    ['eUICC without key usage', certify((plan) => withoutExtension(plan, 'keyUsage'))],
    [
      'eUICC with the key usage keyCertSign',
      certify((plan) => withExtensions(plan, extensions.keyUsage('keyCertSign'))),
    ],
    ['eUICC that is a CA', certify((plan) => withExtensions(plan, extensions.basicConstraints()))],
    ['eUICC with an unknown critical extension', certify((plan) => withExtensions(plan, UNKNOWN))],
    [
      'eUICC outside the range of its EUM',
      certify((plan) => plan, eum, eid.replace('89049032', '89049033') as Eid),
    ],
    ['eUICC of another organization', certify(subject(eid, 'Another'))],
    ['eUICC without an EID', certify(subject(''))],
    ['eUICC with an EID of 33 digits', certify(subject(`${eid}0`))],
    ['eUICC with letters in its EID', certify(subject(eid.replace(/.$/, 'A')))],
    ['eUICC with two EIDs', certify(twoEids)],
    ['eUICC that has expired', certify((plan) => ({ ...plan, notAfter: env.now - DAY }))],
    ['eUICC that is not valid yet', certify((plan) => ({ ...plan, notBefore: env.now + DAY }))],
    ['eUICC with a hybrid point', certify((plan) => ({ ...plan, publicKey: hybrid(plan.publicKey) }))],
    ['eUICC on the other curve', certify((plan) => ({ ...plan, publicKey: brainpool }))],
  ];
}

/** EUMs that are not under the CI itself. */
function underOtherEums(
  eum: CertifiedKey,
  euicc: CertifiedKey,
  eid: Eid,
): (Partial<Chain> & { name: string })[] {
  const own = { certificate: eum.certificate, key: generateSigningKey('P-256') };
  const options = {
    organization: eum.certificate.subject.organization ?? '',
    oid: '2.999.5',
    eidPrefixes: ['89'],
  };
  return [eum, euicc].map((issuer) => {
    const der = makeCertificate(eumPlan(issued(own, issuer), options), issuer.key);
    const sub = { certificate: readCertificate(der), key: own.key };
    const card = makeEuicc(env, sub, eid);
    return {
      name: `an EUM under ${issuer === eum ? 'an EUM' : 'an eUICC'}`,
      euiccCertificate: card.certificate.bytes,
      eumCertificate: sub.certificate.bytes,
      privateKey: card.key.exportPem(),
    };
  });
}

/** One octet of a signature differs. */
function changedOctets(
  genuine: Chain,
  random: (below: number) => number,
): (Partial<Chain> & { name: string })[] {
  return (['euiccCertificate', 'eumCertificate'] as const).map((name) => {
    const bytes = Uint8Array.from(genuine[name]);
    const at = bytes.length - 1 - random(30); // within s, the last INTEGER
    bytes[at] = (bytes[at] ?? 0) ^ (1 + random(255));
    return { name: `${name} with another octet at ${at}`, [name]: bytes };
  });
}
