import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildProfilePackage, completeParameters } from '@esim-rsp/sgp22/profile/build';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import fc from 'fast-check';
import { faultsOf } from './rules.ts';
import { bytes, hex } from './tlv.ts';

const random = (length: number) => Uint8Array.from({ length }, (_, i) => i + 1);
const parameters = completeParameters(
  {
    iccid: '89440000000000000011' as Iccid,
    imsi: '001010123456063',
    ki: random(16),
    opc: random(16),
    serviceProviderName: 'Example',
    msisdn: '+491701234567',
  },
  random,
);
const good = hex(buildProfilePackage(parameters));

/** A good package in which octets are replaced by others, as many as they are. */
function changed(from: string, to: string): Uint8Array {
  assert.equal(good.split(from).length, 2, `${from} is once in the package`);
  assert.equal(from.length, to.length);
  return bytes(good.replace(from, to));
}

const EF_UST = '020a140803000000000010000000000000';

/** What is changed, and what the decoder says of it. */
const faults: readonly (readonly [name: string, from: string, to: string, fault: RegExp])[] = [
  ['service 33 is not set', EF_UST, EF_UST.replace('1408030', '1408020'), /does not have the service 33/],
  [
    'service 17 has no EF.GID1',
    EF_UST,
    EF_UST.replace('0a14', '0a15'),
    /service 17, but there is no file 6f3e/,
  ],
  ['service 28 is not set', EF_UST, EF_UST.replace('1408', '1400'), /lacks the service 28/],
  ['a template is not listed', '060667810f010205', '060667810f010206', /does not name the template 5/],
  [
    'an unused template is listed',
    '060667810f010205',
    '060667810f010206',
    /names the template 6, which nothing uses/,
  ],
  [
    'a template has the OID of another',
    '810667810f010204',
    '810667810f010205',
    /templateID is not 2\.23\.143\.1\.2\.4/,
  ],
  ['milenage is not listed', 'a50481008400', 'a50481008500', /do not name milenage/],
  ['tuak128 is listed for nothing', 'a50481008400', 'a50481008500', /name tuak128, which nothing needs/],
  [
    'the header has another ICCID',
    '830a89440000000000000011',
    '830a89440000000000000029',
    /the header says 8944/,
  ],
  ['EF.IMSI has a wrong parity', '83090809101010325406', '83090801101010325406', /wrong parity/],
  ['EF.AD has a wrong MNC length', '830400000002', '830400000004', /MNC has 4 digits/],
  ['EF.ACC has no class', '83020008', '83020000', /no usable class/],
  ['an identification is used twice', '8000810108', '8000810107', /identification 7 was used before/],
  ['an access rule does not exist', '83026f078b036f0603', '83026f078b036f0609', /access rule 9 of 6f06/],
  ['EF.PL needs a PIN', '83022f058b032f0606', '83022f058b032f0604', /2f05 is read by pin, not always/],
  [
    'EF.IMSI is updated with the PIN',
    '83026f078b036f0603',
    '83026f078b036f0604',
    /6f07 is updated by pin, not adm/,
  ],
  [
    'an SFI is another one',
    '83026fad8b036f0602800104880118',
    '83026fad8b036f0602800104880120',
    /EF\.AD has the SFI 4, not 3/,
  ],
  ['a file has another fileID', '8202412183026f07', '8202412183026f09', /EF\.IMSI has the fileID 6f09/],
  [
    'a file has a wrong size',
    '83026fad8b036f0602800104',
    '83026fad8b036f0602800105',
    /EF\.AD has 5 octets, not 4/,
  ],
  [
    'a file of records has a broken last one',
    '8b036f060580018c',
    '8b036f060580018d',
    /EF\.FDN has 141 octets, no multiple/,
  ],
  ['the PIN of a PUK is missing', 'c60381010a', 'c60382010a', /names the PIN 82/],
  ['PIN2 is unblocked by nothing', '82020081830103', '82020082830103', /unblocked by 130/],
  [
    'a PIN is no digits',
    '800101810831323334ffffffff82',
    '80010181083132333affffffff82',
    /key reference 1 is no digits/,
  ],
  [
    'EF.DIR shows another application',
    '61144f0ca0000000871002ff49ff0589',
    '61144f0ca0000000871004ff49ff0589',
    /EF\.DIR does not show/,
  ],
  ['algorithmID is unknown', '800101810100', '800104810100', /algorithmID/],
  ['the key set lacks a usage', '950114820102', '950118820102', /key 2 has the usage 18/],
  ['EF.PSLOCI looks real', 'ffffffffffffffffffff0000ff01', 'ffffffffffffffffffffffffff01', /EF\.PSLOCI/],
  [
    'EF.SPN has half a character',
    '8311014578616d706c65',
    '8311011b78616d706c65',
    /escape without a character/,
  ],
  ['a number has no type', '0791947110325476', '0700947110325476', /number has the type 0/],
];

test('a good package has no fault', () => {
  assert.deepEqual(faultsOf(bytes(good)), []);
});

for (const [name, from, to, fault] of faults)
  test(`the second decoder sees that ${name}`, () => {
    assert.match(faultsOf(changed(from, to)).join('\n'), fault);
  });

test('the second decoder sees a package that is cut, doubled or without its end', () => {
  const whole = bytes(good);
  assert.ok(faultsOf(whole.subarray(0, -1)).length > 0);
  assert.ok(faultsOf(Uint8Array.from([...whole, ...whole])).length > 0);
  assert.match(faultsOf(whole.subarray(0, -9)).join(), /'end' is not once at the end/);
});

test('any changed package has faults or not, but never breaks the decoder', () => {
  const whole = bytes(good);
  fc.assert(
    fc.property(fc.nat(whole.length - 1), fc.nat(255), (at, octet) => {
      assert.ok(Array.isArray(faultsOf(whole.with(at, octet))));
    }),
    { numRuns: 500 },
  );
});
