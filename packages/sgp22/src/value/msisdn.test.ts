import assert from 'node:assert/strict';
import { test } from 'node:test';
import { msisdnDigits } from './msisdn.ts';

test('a phone number is searched for by its digits, however it is written', () => {
  for (const text of [
    '+4915112345678',
    '004915112345678',
    '4915112345678',
    ' 49 151 123-456.78',
    '+49 (151) 12345678',
  ])
    assert.equal(msisdnDigits(text), '4915112345678', text);
  assert.equal(msisdnDigits('015112345678'), '015112345678');
  assert.equal(msisdnDigits('00'), '00');
  for (const text of ['', '+', 'x', '++49']) assert.equal(msisdnDigits(text), '', text);
});
