import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { test } from 'node:test';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';
import fc from 'fast-check';
import { clientAddressOf } from './client-address.ts';
import { limitNameOf, networkOf, parseIpAddress } from './ip-address.ts';
import { type Networks, noNetworks, parseProxies } from './networks.ts';

/** A request over a connection from `remoteAddress`. */
function clientOf(remoteAddress: string, forwarded: string | undefined, proxies: Networks): string {
  const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
  return clientAddressOf({ socket: { remoteAddress }, headers } as IncomingMessage, proxies);
}

test('an address is read as sockets and proxies write it', () => {
  const cases = {
    '203.0.113.7': '203.0.113.7',
    ' 203.0.113.7 ': '203.0.113.7',
    '203.0.113.7:40001': '203.0.113.7', // Azure Application Gateway
    '2001:db8::8': '2001:db8::8',
    '2001:DB8:0:0:0:0:0:8': '2001:db8::8',
    '[2001:db8::8]': '2001:db8::8',
    '[2001:db8::8]:40001': '2001:db8::8',
    '"[2001:db8::8]:40001"': '2001:db8::8',
    '2001:db8::8:40001': '2001:db8::8', // without brackets: 40001 is no group
    '2001:db8:1:2:3:4:5:6:80': '2001:db8:1:2:3:4:5:6',
    'fe80::1%eth0': 'fe80::1',
    '[fe80::1%25eth0]:80': 'fe80::1',
    '::ffff:203.0.113.7': '203.0.113.7',
    '::ffff:cb00:7107': '203.0.113.7',
    '[::FFFF:203.0.113.7]:80': '203.0.113.7',
    '::203.0.113.7': '::203.0.113.7',
    '::1': '::1',
  };
  for (const [text, expected] of Object.entries(cases)) assert.equal(parseIpAddress(text), expected, text);
  const none = [
    '',
    'unknown',
    '_hidden',
    'example.com',
    '203.0.113',
    '203.0.113.7:',
    '203.0.113.256',
    '[::1',
    '1:2',
    '[]:80',
    '0x7f000001',
  ];
  for (const text of none) assert.equal(parseIpAddress(text), undefined, text);
});

test('all addresses of a /64 are counted together, and no others', () => {
  const inside = [
    '2001:db8:1:2::',
    '2001:db8:1:2::9',
    '2001:db8:1:2:ffff:ffff:ffff:ffff',
    '2001:db8:1:2::1.2.3.4',
  ];
  assert.deepEqual(new Set(inside.map(limitNameOf)), new Set(['2001:db8:1:2::/64']));
  assert.equal(limitNameOf('2001:db8::5:6:7:8'), '2001:db8:0:0::/64');
  assert.equal(limitNameOf('2001:db8:0:3::8'), '2001:db8:0:3::/64');
  assert.equal(limitNameOf('::1'), '0:0:0:0::/64');
  assert.equal(limitNameOf('::'), '0:0:0:0::/64');
  assert.equal(limitNameOf('203.0.113.7'), '203.0.113.7');
});

test('the spelling of an address never changes under which name it is counted', () => {
  fc.assert(
    fc.property(fc.ipV6(), fc.integer({ min: 0, max: 65_535 }), (text, port) => {
      const name = limitNameOf(parseIpAddress(text) ?? assert.fail(text));
      assert.equal(limitNameOf(parseIpAddress(`[${text.toUpperCase()}]:${port}`) ?? ''), name);
      assert.equal(limitNameOf(parseIpAddress(`"[${text}%eth${port}]"`) ?? ''), name);
    }),
  );
});

test('any text is read or refused, in time that grows with its length only', () => {
  fc.assert(fc.property(fc.string(), (text) => void parseIpAddress(text)));
  const started = performance.now();
  for (const piece of [':', '[', '1.', '::1,', '1:', '"', '%']) parseIpAddress(piece.repeat(8000));
  assert.ok(performance.now() - started < 500);
});

test('nobody but a trusted proxy can say where a request comes from', () => {
  assert.equal(clientOf('198.51.100.1', '203.0.113.7', noNetworks), '198.51.100.1');
  assert.equal(clientOf('198.51.100.1', '203.0.113.7', parseProxies('1')), '198.51.100.1');
  assert.equal(clientOf('::ffff:10.0.0.1', '203.0.113.7', parseProxies('1')), '203.0.113.7');
  assert.equal(clientOf('10.0.0.1', undefined, parseProxies('1')), '10.0.0.1');
});

test('hops are read from the right, as long as the last one is a trusted proxy', () => {
  const proxies = parseProxies('10.0.0.0/8, 2001:db8:ffff::/48');
  const cases = {
    '203.0.113.7': '203.0.113.7',
    '1.1.1.1, 203.0.113.7': '203.0.113.7', // the first one is the client's own text
    '1.1.1.1,203.0.113.7:5000 , 10.0.0.2': '203.0.113.7',
    '203.0.113.7, [2001:db8:ffff::2]:443, 10.0.0.2:9': '203.0.113.7',
    '10.9.9.9, 203.0.113.7': '203.0.113.7',
    '203.0.113.7, unknown': '10.0.0.1',
    'forged, 10.0.0.3': '10.0.0.3',
    '10.0.0.5, 10.0.0.4': '10.0.0.5', // a client inside the network of the proxies
    '': '10.0.0.1',
    ',': '10.0.0.1',
  };
  for (const [forwarded, expected] of Object.entries(cases))
    assert.equal(clientOf('10.0.0.1', forwarded, proxies), expected, forwarded);
  assert.equal(clientOf('10.0.0.1', '10.0.0.2, '.repeat(5000), proxies), '10.0.0.1');
});

test('trusted proxies are none, private ones or a list, but never everybody', () => {
  const proxies = parseProxies('192.0.2.1, 198.51.100.0/25,2001:db8::/32');
  const trusted = ['192.0.2.1', '198.51.100.127', '2001:db8::1'];
  const others = ['192.0.2.2', '198.51.100.128', '2001:db9::', '127.0.0.1', '', 'unknown'];
  assert.deepEqual(trusted.filter(proxies.has), trusted);
  assert.deepEqual(others.filter(proxies.has), []);
  assert.equal(parseProxies('0').has('127.0.0.1'), false);
  assert.equal(parseProxies('true').has('127.0.0.1'), true);
  assert.equal(parseProxies('true').has('203.0.113.1'), false);
  for (const text of ['perhaps', '0.0.0.0/0', '10.0.0.1,::/0', '2', ''])
    assert.throws(() => parseProxies(text), ValueError, text);
});

test('the network of an address does not say which of its callers it is', () => {
  assert.equal(networkOf('192.0.2.7'), '192.0.2.0/24');
  assert.equal(networkOf('2001:db8:1:2:3:4:5:6'), '2001:db8:1::/48');
  assert.equal(networkOf('::1'), '0:0:0::/48');
  assert.equal(networkOf('no address'), '');
});
