import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatKeyUri, type KeyUri, KeyUriError, parseKeyUri } from './key-uri.ts';

const MODULE = '?module-path=/usr/lib/hsm.so';

test('the URI of a key is read as RFC 7512 writes it', () => {
  assert.deepEqual(
    parseKeyUri(
      `pkcs11:token=The%20Software;serial=0a1b;object=DPauth%3B1;id=%01%FFA;type=private${MODULE}&pin-source=file:/etc/esim/pin`,
    ),
    {
      token: 'The Software',
      serial: '0a1b',
      object: 'DPauth;1',
      id: Uint8Array.of(1, 255, 0x41),
      modulePath: '/usr/lib/hsm.so',
      pinFile: '/etc/esim/pin',
    },
  );
  const broken = parseKeyUri(`pkcs11:token=a;\n object=b\n${MODULE}&pin-source=file:///run/pin\n`);
  assert.deepEqual(broken, { token: 'a', object: 'b', modulePath: '/usr/lib/hsm.so', pinFile: '/run/pin' });
});

const bad: readonly (readonly [string, RegExp])[] = [
  ['file:/key.pem', /starts with pkcs11:/],
  [`pkcs11:object=b${MODULE}`, /names no token: add token=LABEL or serial=NUMBER/],
  [`pkcs11:token=a${MODULE}`, /names no key: add object=LABEL or id=%01/],
  ['pkcs11:token=a;object=b', /has no module-path/],
  ['pkcs11:token=a;object=b?module-path=hsm.so', /module-path is not an absolute path/],
  [`pkcs11:token=a;object=b;slot-id=1${MODULE}`, /the attribute slot-id is not supported/],
  [`pkcs11:token=a;token=c;object=b${MODULE}`, /the attribute token is there twice/],
  [`pkcs11:token=a;object=b;type=cert${MODULE}`, /its type is not private/],
  [`pkcs11:token=a;object=%zz${MODULE}`, /a % without two hexadecimal digits/],
  [`pkcs11:token=a;object=%ff${MODULE}`, /is empty or is not UTF-8/],
  [`pkcs11:token=a;object=${MODULE}`, /is empty or is not UTF-8/],
  [`pkcs11:token=a;object${MODULE}`, /has the form name=value/],
  [`pkcs11:token=a;object=b${MODULE}?x=1`, /more than one question mark/],
  [`pkcs11:token=a;object=b${MODULE}&pin-source=%7Ccat%20/pin`, /its pin-source is not supported/],
  [`pkcs11:token=a;object=${'b'.repeat(3000)}${MODULE}`, /more than 2048 characters/],
];
for (const [uri, message] of bad)
  test(`a URI that cannot be used is refused: ${message.source}`, () => {
    assert.throws(() => parseKeyUri(uri), message);
  });

test('a URI with a PIN is refused without quoting it', () => {
  const uri = `pkcs11:token=a;object=b${MODULE}&pin-value=648219`;
  assert.throws(
    () => parseKeyUri(uri),
    (error: Error) => error instanceof KeyUriError && !error.message.includes('648219'),
  );
});

test('a URI that was written is read as the same key', () => {
  const text = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
    .filter((one) => !/[\0\s]/.test(one));
  const key = fc.record<KeyUri>(
    {
      token: text,
      serial: text,
      manufacturer: text,
      model: text,
      object: text,
      id: fc.uint8Array({ minLength: 1, maxLength: 16 }),
      modulePath: text.map((name) => `/${name}`),
      pinFile: text.map((name) => `/${name.replaceAll('/', '-')}`),
    },
    { requiredKeys: ['token', 'object', 'modulePath'], noNullPrototype: true },
  );
  fc.assert(fc.property(key, (one) => assert.deepEqual(parseKeyUri(formatKeyUri(one)), one)));
});

test('any text is read, or refused with a reason', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 200 }), (text) => {
      try {
        parseKeyUri(`pkcs11:${text}`);
      } catch (error) {
        assert.ok(error instanceof KeyUriError, String(error));
      }
    }),
  );
});
