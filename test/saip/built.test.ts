import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import {
  buildProfilePackage,
  completeParameters,
  type ParameterInput,
  type ProfileParameters,
} from '@esim-rsp/sgp22/profile/build';
import { checkForInstallation } from '@esim-rsp/sgp22/profile/install';
import { keysets, otaKeyNames, otaKeys } from '@esim-rsp/sgp22/profile/parameter-fields';
import { readProfilePackage } from '@esim-rsp/sgp22/profile/read';
import { readProfileSecrets } from '@esim-rsp/sgp22/profile/secrets';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import fc from 'fast-check';
import { decodeProfile, usimValues } from './decode.ts';
import { faultsOf } from './rules.ts';
import { bytes, hex } from './tlv.ts';

const random = (length: number) => Uint8Array.from({ length }, (_, i) => i + 1);
const subscription: ParameterInput = {
  iccid: '89440000000000000011' as Iccid,
  imsi: '001010123456063',
  ki: random(16),
  opc: random(16),
  serviceProviderName: 'Example',
};
const build = (more: Partial<ParameterInput>) =>
  buildProfilePackage(completeParameters({ ...subscription, ...more }, random));

const octets = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const otaKey = fc.oneof(octets(16), octets(24), octets(32));
const digits = (min: number, max = min) => fc.stringMatching(new RegExp(`^[0-9]{${min},${max}}$`));
const keys = fc.oneof(
  fc.record({
    algorithm: fc.constantFrom('milenage' as const, 'usim-test' as const),
    ki: octets(16),
    opc: octets(16),
  }),
  fc.record({
    algorithm: fc.constant('tuak' as const),
    ki: fc.oneof(octets(16), octets(32)),
    opc: octets(32),
  }),
);
/** Characters of one script, so that a name of up to 13 of them fits. */
const name = fc.oneof(
  fc.stringMatching(/^[ -_a-~äöüÄÖÜñà§¿€£¥ΔΩ]{0,8}$/),
  fc.stringMatching(/^[А-Яа-я0-9 .-]{1,13}$/),
  fc.stringMatching(/^[ԱԲԳա-ֆ-]{1,12}$/),
  fc.stringMatching(/^[一-龥]{1,7}$/),
);
const number = fc.stringMatching(/^\+?[0-9]{1,20}$/);
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const parameters: fc.Arbitrary<ProfileParameters> = fc
  .record({
    keys,
    iccid: digits(17, 18).map((body) => `89${body}` as Iccid),
    imsi: digits(6, 15),
    serviceProviderName: name,
    profileName: fc.stringMatching(/^[ -~é€]{0,20}$/),
    mncLength: fc.constantFrom(2 as const, 3 as const),
    pin1: digits(4, 8),
    pin2: digits(4, 8),
    puk1: digits(8),
    puk2: digits(8),
    adm1: octets(8),
    first: fc.record({ kic1: otaKey, kid1: otaKey, kik1: otaKey }),
    second: optional(fc.record({ kic2: otaKey, kid2: otaKey, kik2: otaKey })),
    third: optional(fc.record({ kic3: otaKey, kid3: otaKey, kik3: otaKey })),
    msisdn: optional(number),
    smsc: optional(number),
  })
  .map(({ keys, first, second, third, msisdn, smsc, ...rest }) => ({
    ...keys,
    ...first,
    ...second,
    ...third,
    ...rest,
    ...(msisdn !== undefined && { msisdn }),
    ...(smsc !== undefined && { smsc }),
  }));

test('a package built from any parameters has no fault, and says what the parameters say', () => {
  fc.assert(
    fc.property(parameters, (input) => {
      const upp = buildProfilePackage(completeParameters(input, random));
      assert.deepEqual(faultsOf(upp), []);
      assert.deepEqual(readBy(upp), expectedOf(input));
      const { iccid, imsi, serviceProviderName = '' } = readProfilePackage(upp);
      assert.deepEqual(
        { iccid, imsi, serviceProviderName },
        { iccid: input.iccid, imsi: input.imsi, serviceProviderName: input.serviceProviderName },
        'the reader of the product agrees',
      );
      assert.deepEqual(checkForInstallation(upp, input.iccid).ok, true, 'the virtual eUICC installs it');
    }),
    { numRuns: 300 },
  );
});

/** What the second decoder reads in a package. */
function readBy(upp: Uint8Array) {
  const decoded = decodeProfile(upp);
  const usim = usimValues(decoded);
  const pin = (reference: number) => decoded.pins.find((each) => each.reference === reference);
  return {
    iccid: usim.iccid,
    imsi: usim.imsi,
    serviceProviderName: usim.spn,
    profileName: decoded.header.profileType,
    mncLength: usim.mncLength,
    accessClasses: usim.accessClasses,
    msisdn: usim.msisdn,
    smsc: usim.smsc,
    akas: decoded.akas,
    codes: [0x01, 0x81, 0x0a].map((reference) => pin(reference)?.value),
    attributes: [0x01, 0x81, 0x0a].map((reference) => pin(reference)?.attributes),
    puks: decoded.puks.map(({ value }) => value),
    otaKeys: decoded.securityDomains.flatMap(({ keys }) => keys.map(({ value }) => value)),
    secrets: secretsOf(upp),
    services: decoded.header.services,
  };
}

/** What the product reads of codes and keys in its own package. */
function secretsOf(upp: Uint8Array) {
  const { pin1, pin2, puk1, puk2, adm1, otaKeys: found } = readProfileSecrets(upp);
  const keys = found.map(({ keyset, ...three }) => [keyset, ...Object.values(three).map(hex)]);
  return { pin1, pin2, puk1, puk2, adm1: adm1 && hex(adm1), keys };
}

function expectedSecrets(p: ProfileParameters): ReturnType<typeof secretsOf> {
  const { pin1, pin2, puk1, puk2, adm1 } = p;
  const keys = keysets.flatMap((keyset) => {
    const three = otaKeys.flatMap((name) => p[`${name}${keyset}`] ?? []);
    return three.length === 0 ? [] : [[keyset, ...three.map(hex)]];
  });
  return { pin1, pin2, puk1, puk2, adm1: hex(adm1), keys };
}

function expectedOf(p: ProfileParameters): ReturnType<typeof readBy> {
  const options = p.algorithm === 'usim-test' ? 2 : 0;
  const [key, opc] = [hex(p.ki), hex(p.opc)];
  const { algorithm } = p;
  const service = {
    milenage: 'milenage',
    tuak: p.ki.length === 32 ? 'tuak256' : 'tuak128',
    'usim-test': 'usim-test-algorithm',
  }[algorithm];
  return {
    iccid: p.iccid,
    imsi: p.imsi,
    serviceProviderName: p.serviceProviderName,
    profileName: p.profileName,
    mncLength: p.mncLength,
    accessClasses: [Number(p.imsi.at(-1))],
    msisdn: p.msisdn,
    smsc: p.smsc,
    akas: [{ algorithm, options, key, opc, keccakIterations: 1, domain: '7fd0' }],
    codes: [p.pin1, p.pin2, hex(p.adm1)],
    attributes: [6, 3, 3],
    puks: [p.puk1, p.puk2],
    otaKeys: otaKeyNames.flatMap((name) => (p[name] === undefined ? [] : [hex(p[name])])),
    secrets: expectedSecrets(p),
    services: ['usim', service],
  };
}

/** Keys of published test data: 3GPP TS 35.208 test set 1; TS 35.233 test sets 1 and 2. */
const published = [
  {
    algorithm: 'milenage',
    k: '465b5ce8b199b49faa5f0a2ee238a6bc',
    opc: 'cd63cb71954a9f4e48a5994e37a02baf',
    service: 'milenage',
  },
  {
    algorithm: 'tuak',
    k: 'abababababababababababababababab',
    opc: 'bd04d9530e87513c5d837ac2ad954623a8e2330c115305a73eb45d1f40cccbff',
    service: 'tuak128',
  },
  {
    algorithm: 'tuak',
    k: 'fffefdfcfbfaf9f8f7f6f5f4f3f2f1f0efeeedecebeae9e8e7e6e5e4e3e2e1e0',
    opc: '305425427e18c503c8a4b294ea72c95d0c36c6c6b29d0c65de5974d5977f8524',
    service: 'tuak256',
  },
] as const;

for (const msisdn of [undefined, '+491701234567'])
  for (const { algorithm, k, opc, service } of published)
    test(`${service} with the keys of 3GPP's test data, ${msisdn ? 'with' : 'without'} an MSISDN, has no fault`, () => {
      const upp = build({ algorithm, ki: bytes(k), opc: bytes(opc), ...(msisdn && { msisdn }) });
      assert.deepEqual(faultsOf(upp), []);
      const decoded = decodeProfile(upp);
      assert.deepEqual(
        decoded.akas.map((aka) => 'key' in aka && [aka.algorithm, aka.key, aka.opc]),
        [[algorithm, k, opc]],
      );
      assert.deepEqual(decoded.header.services, ['usim', service]);
      assert.equal(usimValues(decoded).services.includes(21), msisdn !== undefined);
    });

const vectors = new URL('../../../shared/data/vectors/aka.json', import.meta.url);
const skip = existsSync(vectors) ? false : "3GPP's test data is not at ../shared/data/vectors";

test('every key of the published test data of Milenage and TUAK reaches the package', { skip }, () => {
  const { milenage, tuak } = JSON.parse(readFileSync(vectors, 'utf8'));
  const sets = [
    ...milenage.map((set: { opc: string }) => ({ ...set, algorithm: 'milenage' })),
    ...tuak.map((set: { topc: string }) => ({ ...set, algorithm: 'tuak', opc: set.topc })),
  ];
  assert.ok(sets.length >= 8);
  for (const { algorithm, k, opc, source } of sets) {
    const upp = build({ algorithm, ki: bytes(k), opc: bytes(opc) });
    assert.deepEqual(faultsOf(upp), [], source);
    const [aka] = decodeProfile(upp).akas;
    assert.deepEqual(aka && 'key' in aka && [aka.key, aka.opc], [k, opc], source);
  }
});

test('the number of MNC digits comes from the country code of the IMSI', () => {
  const length = (imsi: string) => usimValues(decodeProfile(build({ imsi }))).mncLength;
  for (const imsi of ['310260000000001', '302720000000001', '334020000000001']) assert.equal(length(imsi), 3);
  for (const imsi of ['001010000000001', '262010000000001', '404100000000001']) assert.equal(length(imsi), 2);
});
