import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fromHex, readAll, type Tlv, toHex } from '@esim-rsp/codec';
import fc from 'fast-check';
import type { Random } from '../crypto/random.ts';
import { type Iccid, luhnDigit } from '../value/iccid.ts';
import { buildProfilePackage, completeParameters, type GivenParameters } from './build.ts';
import { fileContent } from './file.ts';
import { checkForInstallation } from './install.ts';
import { readProfilePackage } from './read.ts';

const counting: Random = (length) => Uint8Array.from({ length }, (_, i) => i + 1);
const given: GivenParameters = {
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
    serviceProviderName: fc.stringMatching(/^[A-Za-z0-9 ]{0,16}$/),
    mncLength: fc.constantFrom(2 as const, 3 as const),
    msisdn: fc.option(fc.stringMatching(/^\+?[0-9]{1,20}$/), { nil: undefined }),
    algorithm: fc.constantFrom('milenage' as const, 'usim-test' as const),
  })
  .map(({ body, msisdn, ...rest }) => ({
    ...given,
    ...rest,
    iccid: `890${body}${luhnDigit(`890${body}`)}` as Iccid,
    ...(msisdn !== undefined && { msisdn }),
  }));

test('a built package reads back to what it was built from', () => {
  fc.assert(
    fc.property(anyParameters, (wanted) => {
      const parameters = completeParameters(wanted, counting);
      const upp = buildProfilePackage(parameters);
      const read = readProfilePackage(upp);
      assert.equal(read.iccid, wanted.iccid);
      assert.equal(read.imsi, wanted.imsi);
      assert.equal(read.serviceProviderName ?? '', wanted.serviceProviderName);
      assert.equal(checkForInstallation(upp, wanted.iccid).ok, true);
      assert.deepEqual(buildProfilePackage(parameters), upp, 'the same parameters give the same bytes');
    }),
  );
});

test('a parameter that does not fit is refused by its name', () => {
  const refused = (wrong: Partial<GivenParameters>, pattern: RegExp) =>
    assert.throws(() => completeParameters({ ...given, ...wrong }, counting), pattern);
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

test('secrets that are not given are drawn, and differ from each other', () => {
  let next = 0;
  const drawn = completeParameters(given, (length) => Uint8Array.from({ length }, () => next++ % 250));
  assert.match(drawn.pin1, /^\d{4}$/);
  assert.match(drawn.puk1, /^\d{8}$/);
  assert.notEqual(drawn.puk1, drawn.puk2);
});

const published = new URL('../../../../../shared/data/profiles/TS48v2_SAIP2.1_BERTLV.der', import.meta.url);
const skip = existsSync(published) ? false : 'the published TS.48 profiles are not at ../shared/data';

/** A file's identifier in its descriptor. */
function fidOf(file: Tlv): string | undefined {
  const descriptor = file.children().find(({ tag }) => tag === 0xa1);
  const fid = descriptor?.children().find(({ tag }) => tag === 0x83);
  return fid === undefined ? undefined : toHex(fid.content);
}

test('the files of a built package stand where those of a published TS.48 profile stand', { skip }, () => {
  const theirs = readAll(Uint8Array.from(readFileSync(published)));
  const ours = readAll(buildProfilePackage(completeParameters({ ...given, msisdn: '+441234' }, counting)));
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
