import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mncLengthOf } from './mnc-length.ts';

test('network codes have three digits where the national plan has them', () => {
  const three = ['310260', '316011', '302720', '334020', '338050', '722310', '732101', '708001', '750001'];
  for (const start of three) assert.equal(mncLengthOf(`${start}000000001`), 3, start);
});

test('network codes have two digits elsewhere, also for test networks and for international networks', () => {
  const two = ['00101', '23415', '26201', '40410', '44010', '46000', '50501', '72402', '90128'];
  for (const start of two) assert.equal(mncLengthOf(`${start}0000000001`), 2, start);
});

test('a local network of three digits is distinguished from its neighbours of two digits by its first digits', () => {
  assert.equal(mncLengthOf('208010000000001'), 2);
  assert.equal(mncLengthOf('208701000000001'), 3);
});

test('no length is guessed where a country has both', () => {
  for (const start of ['40503', '50212', '99999', '71021', '350000'])
    assert.throws(
      () => mncLengthOf(`${start}0000000001`.slice(0, 15)),
      /^ValueError: mncLength is missing: network codes under the country code \d{3} have 2 or 3 digits, so say which$/,
    );
});
