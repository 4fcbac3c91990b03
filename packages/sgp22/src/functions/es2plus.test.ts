import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BindingError, readMessage, writeMessage } from './binding.ts';
import { es2plus } from './es2plus.ts';

const header = { functionRequesterIdentifier: 'operator', functionCallIdentifier: 'call 1' };

test('an ICCID is read with and without its padding', () => {
  for (const iccid of ['890010100000000001', '8900101000000000017', '89001010000000000171'])
    for (const padding of ['', 'F', 'f'])
      assert.equal(
        readMessage(es2plus.releaseProfile.request, { header, iccid: iccid + padding }).iccid,
        iccid,
      );
});

test('members may be left out where the table says so, and unknown ones are passed over', () => {
  const order = { header, profileType: 'Test' };
  assert.deepEqual(readMessage(es2plus.downloadOrder.request, { ...order, more: [1] }), order);
  assert.deepEqual(writeMessage(es2plus.downloadOrder.request, order as never), order);
});

const cases: readonly [body: object, message: string, missing: boolean][] = [
  [{}, 'header is missing', true],
  [{ header: { functionRequesterIdentifier: 'operator' } }, 'header.functionCallIdentifier is missing', true],
  [{ header: [] }, 'header cannot be read: it is not a JSON object', false],
  [{ header: 'operator' }, 'header cannot be read: it is not an object', false],
  [{ header }, 'iccid is missing', true],
  [{ header, iccid: '89' }, 'iccid cannot be read: an ICCID has 18 to 20', false],
  [{ header, iccid: 8900101000000000017n.toString() }, 'releaseFlag is missing', true],
  [
    { header, iccid: '8900101000000000017', releaseFlag: 'true' },
    'releaseFlag cannot be read: it is not true or false',
    false,
  ],
  [
    { header, iccid: '8900101000000000017', releaseFlag: true, confirmationCode: '' },
    'confirmationCode cannot be read: expected 1 to 128 characters',
    false,
  ],
];

test('what cannot be read is named with its place, never with its value', () => {
  for (const [body, message, missing] of cases)
    assert.throws(
      () => readMessage(es2plus.confirmOrder.request, body),
      (error) =>
        error instanceof BindingError && error.missing === missing && error.message.startsWith(message),
      message,
    );
});
