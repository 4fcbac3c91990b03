import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fromHex, readAll, type Tlv, toHex } from '@esim-rsp/codec';
import fc from 'fast-check';
import type { Random } from '../crypto/random.ts';
import { type Iccid, luhnDigit } from '../value/iccid.ts';
import { buildProfilePackage, completeParameters, type ParameterInput } from './build.ts';
import { fileContent } from './file.ts';
import { checkForInstallation } from './install.ts';
import { readProfilePackage } from './read.ts';

const counting: Random = (length) => Uint8Array.from({ length }, (_, i) => i + 1);
const subscription: ParameterInput = {
  iccid: '89440000000000000011' as Iccid,
  imsi: '001010000000001',
  ki: new Uint8Array(16).fill(0x11),
  opc: new Uint8Array(16).fill(0x22),
  serviceProviderName: 'Example',
};

const digits = (length: number) => fc.stringMatching(new RegExp(`^[0-9]{${length}}$`));
const anyParameters = fc
  .record({
    body: digits(16),
    imsi: fc.integer({ min: 6, max: 15 }).chain(digits),
    serviceProviderName: fc.oneof(
      fc.stringMatching(/^[A-Za-z0-9 ]{0,16}$/),
      fc.stringMatching(/^[А-Яа-я !]{0,13}$/),
      fc.stringMatching(/^[[\]{}|^~\\€]{0,8}$/),
    ),
    mncLength: fc.constantFrom(2 as const, 3 as const),
    msisdn: fc.option(fc.stringMatching(/^\+?[0-9]{1,20}$/), { nil: undefined }),
    algorithm: fc.constantFrom('milenage' as const, 'usim-test' as const),
  })
  .map(({ body, msisdn, ...rest }) => ({
    ...subscription,
    ...rest,
    iccid: `890${body}${luhnDigit(`890${body}`)}` as Iccid,
    ...(msisdn !== undefined && { msisdn }),
  }));

test('a built package reads back to what it was built from', () => {
  fc.assert(
    fc.property(anyParameters, (input) => {
      const parameters = completeParameters(input, counting);
      const upp = buildProfilePackage(parameters);
      const read = readProfilePackage(upp);
      assert.equal(read.iccid, input.iccid);
      assert.equal(read.imsi, input.imsi);
      assert.equal(read.serviceProviderName ?? '', input.serviceProviderName);
      assert.equal(checkForInstallation(upp, input.iccid).ok, true);
      assert.deepEqual(buildProfilePackage(parameters), upp, 'the same parameters give the same bytes');
    }),
  );
});

test('a parameter that does not fit is refused by its name', () => {
  const refused = (wrong: Partial<ParameterInput>, pattern: RegExp) =>
    assert.throws(() => completeParameters({ ...subscription, ...wrong }, counting), pattern);
  refused({ iccid: '123' as Iccid }, /^ValueError: iccid has 19 or 20 digits/);
  refused({ imsi: '12a456' }, /imsi has 6 to 15 digits/);
  refused({ ki: new Uint8Array(15) }, /ki has 16 octets/);
  refused({ opc: new Uint8Array(32) }, /opc has 16 octets/);
  refused({ algorithm: 'tuak' }, /opc has 32 octets/);
  refused({ pin1: '123' }, /pin1 has 4 to 8 digits/);
  refused({ puk2: '1234' }, /puk2 has 8 digits/);
  refused({ serviceProviderName: 'A name that is far too long' }, /serviceProviderName has at most 16/);
  refused({ msisdn: 'x' }, /msisdn/);
});

test('secrets that are missing are generated, and differ from each other', () => {
  let next = 0;
  const generated = completeParameters(subscription, (length) =>
    Uint8Array.from({ length }, () => next++ % 250),
  );
  assert.match(generated.pin1, /^\d{4}$/);
  assert.match(generated.puk1, /^\d{8}$/);
  assert.notEqual(generated.puk1, generated.puk2);
});

const published = new URL('../../../../../shared/data/profiles/TS48v2_SAIP2.1_BERTLV.der', import.meta.url);
const skip = existsSync(published) ? false : 'the published TS.48 profiles are not at ../shared/data';

/** A file's identifier in its descriptor. */
function fidOf(file: Tlv): string | undefined {
  const descriptor = file.children().find(({ tag }) => tag === 0xa1);
  const fid = descriptor?.children().find(({ tag }) => tag === 0x83);
  return fid === undefined ? undefined : toHex(fid.content);
}

test('the files of a built package are at the same places as those of a published TS.48 profile', {
  skip,
}, () => {
  const theirs = readAll(Uint8Array.from(readFileSync(published)));
  const ours = readAll(
    buildProfilePackage(completeParameters({ ...subscription, msisdn: '+441234' }, counting)),
  );
  const template = (elements: readonly Tlv[], tag: number) =>
    new Map(
      elements
        .find((element) => element.tag === tag)
        ?.children()
        .map((child) => [child.tag, child]),
    );
  for (const tag of [0xb0, 0xb3, 0xb4]) {
    const published = template(theirs, tag);
    for (const [place, file] of template(ours, tag)) {
      const counterpart = published.get(place);
      if (place < 0xa2) continue;
      assert(counterpart, `place ${place.toString(16)} of ${tag.toString(16)} exists in TS.48`);
      assert.equal(fidOf(file), fidOf(counterpart), `place ${place.toString(16)} of ${tag.toString(16)}`);
    }
  }
  const order = (elements: readonly Tlv[]) => elements.map(({ tag }) => tag);
  const common = new Set(order(ours));
  assert.deepEqual(order(ours).slice(0, 2), order(theirs).slice(0, 2), 'header, MF');
  assert(
    [...common].every((tag) => order(theirs).includes(tag)),
    'no element that TS.48 does not have',
  );
  const iccid = fileContent(template(ours, 0xb0).get(0xa4) as Tlv);
  assert.deepEqual(iccid, fromHex('98440000000000000011'), 'EF.ICCID is nibble-swapped');
});

/** The element of a built package with the tag, and a file in it. */
function built(more: Partial<ParameterInput> = {}) {
  const elements = readAll(buildProfilePackage(completeParameters({ ...subscription, ...more }, counting)));
  const element = (tag: number) => elements.find((each) => each.tag === tag) as Tlv;
  const content = (tag: number, place: number) => toHex(fileContent(element(tag).child(place) as Tlv));
  /** The record of EF.ARR that a file names, as who reads and who updates it. */
  const rule = (tag: number, place: number) => {
    const descriptor = element(tag).child(place)?.child(0xa1)?.child(0x8b)?.content as Uint8Array;
    const record = descriptor[2] as number;
    const arr = fileContent(element(tag).child(tag === 0xb0 ? 0xa6 : 0xa4) as Tlv);
    return toHex(arr.subarray(33 * (record - 1), 33 * record)).replace(/(ff)+$/, '');
  };
  return { element, content, rule };
}
const TUAK = { algorithm: 'tuak', opc: new Uint8Array(32) } as const;

test('TUAK with a key of 32 octets needs tuak256 (90), with one of 16 tuak128 (85)', () => {
  const services = (more: Partial<ParameterInput>) =>
    toHex(built(more).element(0xa0).child(0xa5)?.content ?? fromHex(''));
  assert.equal(services({ ...TUAK, ki: new Uint8Array(32) }), '81009000');
  assert.equal(services({ ...TUAK, ki: new Uint8Array(16) }), '81008500');
  assert.equal(services({}), '81008400');
  assert.equal(services({ algorithm: 'usim-test' }), '81009100');
});

test('the GFSTEList names every template that is used, and no other', () => {
  const [mf, usim, optUsim] = ['060667810f010201', '060667810f010204', '060667810f010205'];
  const list = (more: Partial<ParameterInput>) =>
    toHex(built(more).element(0xa0).child(0xa6)?.content ?? fromHex(''));
  assert.equal(list({}), `${mf}${usim}`);
  assert.equal(list({ msisdn: '+441234' }), `${mf}${usim}${optUsim}`);
});

test('EF.UST has service 33, and only services whose files are there', () => {
  // 2; 10, 12; 19 and 21; 28; 33, 34; 85 (3GPP TS 31.102 4.2.8: service n is bit n-1)
  assert.equal(built().content(0xb3, 0xa8), '020a040803000000000010000000000000');
  assert.equal(built({ msisdn: '+441234' }).content(0xb3, 0xa8), '020a140803000000000010000000000000');
  assert.equal(
    built({ serviceProviderName: '' }).content(0xb3, 0xa8).slice(4, 6),
    '00',
    'no name, no service 19',
  );
});

test('EF.AD has three MNC digits where the country has them, and what is said otherwise', () => {
  const administrativeData = (more: Partial<ParameterInput>) => built(more).content(0xb3, 0xb5);
  for (const imsi of ['310260000000001', '302720000000001', '334020000000001'])
    assert.equal(administrativeData({ imsi }), '00000003', imsi);
  assert.equal(administrativeData({}), '00000002', 'the test network 001-01');
  assert.equal(administrativeData({ mncLength: 3 }), '00000003');
  assert.throws(() => built({ imsi: '405030000000001' }), /mncLength is missing/);
  assert.equal(administrativeData({ imsi: '405030000000001', mncLength: 2 }), '00000002');
});

test('EF.SPN holds names in signs of the GSM extension table and in other scripts', () => {
  assert.equal(
    built({ serviceProviderName: 'Vodafone €' }).content(0xb3, 0xad),
    '01566f6461666f6e65201b65ffffffffff',
  );
  assert.equal(
    built({ serviceProviderName: 'Ростелеком' }).content(0xb3, 0xad),
    '01810a08a0bec1c2b5bbb5babebcffffff',
  );
});

test('every record of EF.SMS is free, not the first one alone', () => {
  assert.equal(built().content(0xb3, 0xaa), `00${'ff'.repeat(175)}`.repeat(10));
});

test('EF.PSLOCI and EF.LOCI hold no location area that a network could have', () => {
  assert.equal(
    built().content(0xb3, 0xb1),
    'ffffffffffffffffffff0000ff01',
    'LAC 0000 (3GPP TS 24.008 10.5.1.3)',
  );
  assert.equal(built().content(0xb3, 0xb4), 'ffffffffffffff0000ff01');
});

test('EF.PL is read by everybody, and EF.ICCID is updated by nobody', () => {
  const { rule } = built();
  assert.equal(
    rule(0xb0, 0xa3),
    '8001019000800102a406830101950108800158a40683010a950108',
    'ETSI TS 102 221 13.3',
  );
  assert.equal(rule(0xb0, 0xa4), '8001019000800118a40683010a950108', 'ETSI TS 102 221 13.2');
});

test('EF.ARR has the short file identifier that the specifications give it', () => {
  const sfi = (tag: number, place: number) =>
    toHex(built().element(tag).child(place)?.child(0xa1)?.child(0x88)?.content ?? fromHex(''));
  assert.equal(sfi(0xb0, 0xa6), '30', 'SFI 06 in the MF');
  assert.equal(sfi(0xb3, 0xa4), 'b8', 'SFI 17 in the USIM');
});

test('PIN2 cannot be switched off', () => {
  const pin2 = readAll(buildProfilePackage(completeParameters(subscription, counting))).filter(
    ({ tag }) => tag === 0xa2,
  )[1];
  const entry = pin2?.child(0xa1)?.child(0xa0)?.child(0x30);
  assert.equal(toHex(entry?.child(0x83)?.content ?? fromHex('')), '03');
  assert.equal(toHex(entry?.child(0x80)?.content ?? fromHex('')), '0081', 'a DER INTEGER of 129');
});
