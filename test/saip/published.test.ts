import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { decodeProfile, usimValues } from './decode.ts';
import { faultsOf } from './rules.ts';

const published = new URL('../../../shared/data/profiles/', import.meta.url);
const skip = existsSync(published) ? false : 'the published TS.48 profiles are not at ../shared/data';
const packages = skip ? [] : readdirSync(published).filter((name) => name.endsWith('.der'));
const read = (name: string) => Uint8Array.from(readFileSync(new URL(name, published)));

test('the published TS.48 packages are there to judge the decoder by', { skip }, () => {
  assert.ok(packages.length >= 6);
});

for (const name of packages)
  test(`the second decoder finds no fault in ${name}`, () => {
    assert.deepEqual(faultsOf(read(name)), []);
    const decoded = decodeProfile(read(name));
    const usim = usimValues(decoded);
    assert.equal(decoded.header.profileType, 'GSMA Generic eUICC Test Profile');
    assert.equal(usim.iccid, '89000123456789012341');
    assert.equal(usim.imsi, '001010123456063');
    assert.equal(usim.spn, 'GSMA_TEST');
    assert.equal(usim.mncLength, 2);
    assert.deepEqual(usim.emergencyNumbers, ['112', '911']);
    assert.deepEqual(
      decoded.akas.map((aka) => ('algorithm' in aka ? aka.algorithm : aka.source)),
      ['usim-test', 'usim-test'],
      'USIM and ISIM have the test algorithm',
    );
    assert.deepEqual(
      decoded.pins.filter(({ reference }) => reference === 1).map(({ value }) => value),
      ['0000'],
    );
    assert.equal(decoded.rfms.length, 4);
  });
