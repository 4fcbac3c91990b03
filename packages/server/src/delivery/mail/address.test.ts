import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseAddress, parseAddresses, parseSender } from './address.ts';

test('mail addresses are read, and their domains are in lower case', () => {
  assert.equal(parseAddress('Anna.Smith+esim@Example.COM'), 'Anna.Smith+esim@example.com');
  assert.equal(parseAddress("o'neil@mail.xn--bcher-kva.example"), "o'neil@mail.xn--bcher-kva.example");
  assert.equal(parseAddress('root@localhost'), 'root@localhost');
  assert.deepEqual(parseAddresses('a@example.com, b@example.com,a@example.com'), [
    'a@example.com',
    'b@example.com',
  ]);
});

test('what could be two addresses, or a header of its own, is refused', () => {
  for (const text of [
    '',
    'anna',
    '@example.com',
    'anna@',
    'anna@example..com',
    'anna@-example.com',
    '.anna@example.com',
    'anna@example.com\r\nBcc: eve@example.com',
    'anna@example.com\n',
    'anna@example.com,eve@example.com',
    'anna@example.com eve@example.com',
    'anna@exa mple.com',
    '<anna@example.com>',
    '"anna smith"@example.com',
    'anna@[127.0.0.1]',
    'änna@example.com',
    `${'a'.repeat(65)}@example.com`,
    `anna@${'a.'.repeat(125)}com`,
  ])
    assert.throws(() => parseAddress(text), /a mail address such as/, text);
});

test('a sender has a name or not, and a name ends no header', () => {
  assert.deepEqual(parseSender('esim@Example.com'), { address: 'esim@example.com' });
  assert.deepEqual(parseSender('Müller eSIM <esim@example.com>'), {
    address: 'esim@example.com',
    name: 'Müller eSIM',
  });
  assert.deepEqual(parseSender('"Example, Inc." <esim@example.com>'), {
    address: 'esim@example.com',
    name: 'Example, Inc.',
  });
  for (const text of ['Example <esim>', 'Two\r\nLines <a@example.com>', 'A <a@example.com> <b@example.com>'])
    assert.throws(() => parseSender(text), text);
});
