import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex } from '@esim-rsp/codec';
import fc from 'fast-check';
import { explainSimaResponse } from './euicc-response.ts';

const explained = (hex: string) => explainSimaResponse(fromHex(hex));

test('a response that is all well says nothing', () => {
  assert.equal(explained('3007a0053003800100'), undefined);
});

test('each element that failed is named with its status and place', () => {
  assert.equal(
    explained('3014a0103003800100300980010481010583011081' + '00'),
    'profile element 5: not enough memory at octet 16',
  );
  assert.equal(
    explained('3007a005300380011f'),
    'the profile: the version of the profile package is not supported',
  );
  assert.equal(explained('3007a0053003800163'), 'the profile: status 99');
});

test("the card's own words are quoted", () => {
  assert.equal(explained('300ba00530038001038202' + '6869'), 'the profile: bad values, "hi"');
});

test('octets of any kind are explained or ignored', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (octets) => {
      const text = explainSimaResponse(octets);
      assert.ok(text === undefined || typeof text === 'string');
    }),
  );
});
