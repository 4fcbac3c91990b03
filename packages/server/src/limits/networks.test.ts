import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';
import { parseNetworks } from './networks.ts';

test('addresses and networks of both versions are found', () => {
  const networks = parseNetworks('192.0.2.7, 10.0.0.0/8,fd00::/8,2001:db8::1');
  for (const address of ['192.0.2.7', '10.255.0.1', '::ffff:10.1.2.3', 'fd12::9', '2001:db8::1'])
    assert.ok(networks.has(address), address);
  for (const address of [
    '192.0.2.8',
    '11.0.0.1',
    '::ffff:11.0.0.1',
    'fe80::1',
    '2001:db8::2',
    '',
    'localhost',
    '10.0.0',
  ])
    assert.ok(!networks.has(address), address);
  assert.ok(parseNetworks('0.0.0.0/0').has('203.0.113.9'));
  assert.ok(!parseNetworks('0.0.0.0/0').has('2001:db8::1'));
});

test('what is no address or network is refused', () => {
  for (const text of [
    '',
    '10.0.0.0/33',
    '::/129',
    '10.0.0',
    'localhost',
    '10.0.0.1;10.0.0.2',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    '1,',
  ])
    assert.throws(() => parseNetworks(text), ValueError, text);
});
