import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { concat, fromHex, tlv } from '@esim-rsp/codec';
import fc from 'fast-check';
import { systemRandom } from '../crypto/random.ts';
import { parseIccid } from '../value/iccid.ts';
import { buildProfilePackage, completeParameters } from './build.ts';
import { ProfilePackageError, readProfilePackage } from './read.ts';
import { phoneNumberFromRecord } from './usim-files.ts';

const published = new URL('../../../../../shared/data/profiles/', import.meta.url);
const skip = existsSync(published) ? false : 'the published TS.48 profiles are not at ../shared/data';
const files = skip ? [] : readdirSync(published).filter((name) => name.endsWith('.der'));
const ts48 = (name: string) => Uint8Array.from(readFileSync(new URL(name, published)));

test('every published TS.48 profile is read', { skip }, () => {
  assert.equal(files.length, 6);
  for (const name of files) {
    const { iccid, imsi, serviceProviderName, header, elements } = readProfilePackage(ts48(name));
    assert.equal(iccid, '89000123456789012341', name);
    assert.equal(imsi, '001010123456063', name);
    assert.equal(serviceProviderName, 'GSMA_TEST', name);
    assert.equal(header.profileType, 'GSMA Generic eUICC Test Profile', name);
    assert.equal(elements[0]?.name, 'header');
    assert.equal(elements.at(-1)?.name, 'end');
  }
});

test('a changed or cut profile package is read or refused with its place, never anything else', {
  skip,
}, () => {
  const whole = ts48(files[0] as string);
  const mutated = fc.record({ at: fc.nat(whole.length - 1), octet: fc.nat(255), end: fc.nat(whole.length) });
  fc.assert(
    fc.property(mutated, fc.boolean(), ({ at, octet, end }, cut) => {
      const changed = Uint8Array.from(cut ? whole.subarray(0, end) : whole);
      if (!cut) changed[at] = octet;
      try {
        readProfilePackage(changed);
      } catch (error) {
        assert(error instanceof ProfilePackageError, String(error));
      }
    }),
    { numRuns: 2000 },
  );
});

test('the phone number in EF.MSISDN is read as it is on the SIM, whatever the length of the name before it', () => {
  const parameters = {
    iccid: parseIccid('8900101000000000017'),
    imsi: '001010000000001',
    ki: new Uint8Array(16),
    opc: new Uint8Array(16),
  };
  const numberIn = (more: object) =>
    readProfilePackage(buildProfilePackage(completeParameters({ ...parameters, ...more }, systemRandom)))
      .msisdn;
  for (const msisdn of ['+441234', '+4412345', '0151123456', '12345678901234567890'])
    assert.equal(numberIn({ msisdn }), msisdn);
  assert.equal(numberIn({}), undefined);
  const behindName = '059194710600ffffffffffffffff';
  for (const name of ['', 'ff'.repeat(10), '41'.repeat(30)])
    assert.equal(phoneNumberFromRecord(fromHex(name + behindName)), '+49176000');
  for (const none of [
    '',
    'ff'.repeat(14),
    `00${'ff'.repeat(13)}`,
    `0c91${'21'.repeat(12)}`,
    `0391a1b2${'ff'.repeat(10)}`,
  ])
    assert.equal(phoneNumberFromRecord(fromHex(none)), undefined, none);
});

const header = tlv(0xa0, fromHex('800102'), fromHex('810103'), tlv(0x83, fromHex('8944000000000000011f')));
const end = tlv(0xaa, tlv(0xa0, fromHex('8000'), fromHex('810102')));

test('what is wrong is said with the element it is wrong in', () => {
  const refused = (pattern: RegExp, ...elements: Uint8Array[]) =>
    assert.throws(
      () => readProfilePackage(concat(...elements)),
      (error) => {
        assert(error instanceof ProfilePackageError);
        assert.match(error.message, pattern);
        return true;
      },
    );
  refused(/does not start with a header/, end);
  refused(/does not start with a header/);
  refused(/does not close with 'end'/, header);
  refused(/identification 2 was used before/, header, end, end);
  refused(/element 1 \(header\): iccid is missing/, tlv(0xa0, fromHex('800102'), fromHex('810103')), end);
  refused(/element 2 at offset \d+: tag B0 announces/, header, fromHex('b00a0102'));
  refused(/element 2 at offset \d+: it is not constructed/, header, fromHex('8000'), end);
  const mf = tlv(0xb0, tlv(0xa0, fromHex('810101')), tlv(0xa4, tlv(0x83, fromHex('98440000000000000022'))));
  refused(/element 2 \(mf\): EF\.ICCID says 8944\d+, the header 8944\d+/, header, mf, end);
  const usim = tlv(0xb3, tlv(0xa0, fromHex('810101')), tlv(0xa3, tlv(0x83, fromHex('0f0910'))));
  refused(/element 2 \(usim\): EF\.IMSI/, header, usim, end);
});

test('a package that is nested too deeply or too large is refused', () => {
  let nested = fromHex('8000');
  for (let depth = 0; depth < 40; depth++) nested = tlv(0xa1, nested);
  assert.throws(() => readProfilePackage(concat(header, nested, end)), /nested more than/);
  assert.throws(() => readProfilePackage(new Uint8Array(1_048_577)), /at most 1048576/);
});

test('an ICCID of many octets is refused before its digits are read', () => {
  const members = [
    fromHex('800102'),
    fromHex('810103'),
    tlv(0x83, new Uint8Array(500_000).fill(0xff).fill(0xf0, -1)),
  ];
  const began = process.cpuUsage();
  assert.throws(
    () => readProfilePackage(concat(tlv(0xa0, ...members), end)),
    /not an ICCID of 18 to 20 digits/,
  );
  assert.ok(process.cpuUsage(began).user < 1_000_000, 'its digits were searched again and again');
});

test('unknown elements are ignored', () => {
  const vendor = tlv(0xa9, tlv(0xa0, fromHex('810101')), fromHex('80020102'));
  const { elements } = readProfilePackage(concat(header, vendor, end));
  assert.deepEqual(
    elements.map(({ name }) => name),
    ['header', 'nonStandard', 'end'],
  );
});
