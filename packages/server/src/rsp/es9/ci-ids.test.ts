import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeWithBytes } from '@esim-rsp/codec';
import { EUICCInfo1 } from '@esim-rsp/sgp22/asn1/euicc-info';
import { ciPKIdsIn } from './ci-ids.ts';

const idOf = (fill: number, length = 20) => new Uint8Array(length).fill(fill);
const requestOf = (signing: Uint8Array[], verification: Uint8Array[]) => ({
  euiccInfo1: encodeWithBytes(EUICCInfo1, {
    svn: Uint8Array.of(2, 2, 0),
    euiccCiPKIdListForVerification: verification,
    euiccCiPKIdListForSigning: signing,
  }),
});

test('the CIs of both lists are named once each', () => {
  const ids = ciPKIdsIn(requestOf([idOf(1), idOf(2)], [idOf(2), idOf(3)]));
  assert.deepEqual(
    ids,
    ['01', '02', '03'].map((text) => text.repeat(20)),
  );
});

test('a long list is cut, and identifiers that are too long are left out', () => {
  const many = Array.from({ length: 100 }, (_, i) => idOf(i));
  assert.equal(ciPKIdsIn(requestOf(many, [])).length, 8);
  assert.deepEqual(ciPKIdsIn(requestOf([idOf(1, 64)], [])), []);
});

test('a request that could not be read, or names no CIs, has none', () => {
  for (const request of [undefined, null, {}, { transactionId: '00' }])
    assert.deepEqual(ciPKIdsIn(request), []);
});
