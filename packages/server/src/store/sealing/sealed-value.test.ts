import assert from 'node:assert/strict';
import { createSecretKey, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { placeOfSecret } from '../rows/secrets/secret-columns.ts';
import { keyIdOf, openBytes, openText, SEALED_MARKS, sealBytes, sealText } from './sealed-value.ts';

const key = { id: 3, key: createSecretKey(randomBytes(32)) };
const keyOf = (id: number) => (id === key.id ? key.key : assert.fail(`key ${id}`));

/** Most are short, and some are longer than the place where short ones are decoded. */
const texts = fc.oneof(fc.string(), fc.string({ minLength: 100, maxLength: 300 }));

test('bytes and texts come back at their place, and the same value is sealed differently each time', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2000 }), texts, fc.string(), (bytes, text, place) => {
      const [sealed, sealedText] = [sealBytes(key, place, bytes), sealText(key, place, text)];
      assert.deepEqual(new Uint8Array(openBytes(keyOf, place, sealed)), bytes);
      assert.equal(openText(keyOf, place, sealedText), Buffer.from(text).toString());
      assert.equal(keyIdOf(sealed), 3);
      assert.equal(keyIdOf(sealedText), 3);
      assert.notDeepEqual(sealBytes(key, place, bytes), sealed);
    }),
  );
});

test('a value at another place, or with any octet changed, is refused', () => {
  const sealed = sealBytes(key, 'table column row', Buffer.from('secret'));
  assert.throws(() => openBytes(keyOf, 'table column other', sealed), /sealed for another place, or changed/);
  for (let at = 0; at < sealed.length; at++) {
    const changed = Uint8Array.from(sealed);
    changed[at] = (changed[at] ?? 0) ^ 1;
    if (keyIdOf(changed) !== 3) continue; // not a sealed value any more, or one of another key
    assert.throws(() => openBytes(keyOf, 'table column row', changed), /another place, or changed/);
  }
});

test('texts of any lengths are opened one after the other', () => {
  fc.assert(
    fc.property(fc.array(texts, { minLength: 2, maxLength: 20 }), (all) => {
      const sealed = all.map((text) => sealText(key, 'place', text));
      const opened = sealed.map((text) => openText(keyOf, 'place', text));
      assert.deepEqual(
        opened,
        all.map((text) => Buffer.from(text).toString()),
      );
    }),
  );
});

test('a text at another place, with any character changed, or cut off, is refused', () => {
  for (const length of [22, 301]) {
    const sealed = sealText(key, 'place', 'x'.repeat(length));
    assert.throws(() => openText(keyOf, 'other', sealed), /sealed for another place, or changed/);
    for (let at = SEALED_MARKS.text.length; at < sealed.length; at++) {
      const changed = sealed.slice(0, at) + (sealed[at] === 'A' ? 'B' : 'A') + sealed.slice(at + 1);
      assert.throws(() => openText(keyOf, 'place', changed));
      assert.throws(() => openText(keyOf, 'place', sealed.slice(0, at)));
    }
    assert.equal(openText(keyOf, 'place', sealed), 'x'.repeat(length));
  }
});

test('what an earlier release has sealed can be opened', () => {
  const known = createSecretKey(Uint8Array.from({ length: 32 }, (_, i) => i));
  const text = '~sealed:5R9eoe0BAAAAB0R9h6QN8nfbF7MZQ/iFtTibnPEd0dE1GCRwVpYteA6xds8UBm+ouohBBwRABXnJ';
  const bytes = Buffer.from(
    'e51f5ea1ed01000000079bd10b35b48ef5e311a1312dbcc534a4cd8e14a2f6b8477b6df60b05a2dbe9',
    'hex',
  );
  const placeOf = (column: string) => placeOfSecret('profile', column, { iccid: '8949000000000000001' });
  assert.equal(
    openText(() => known, placeOf('matching_id_sealed'), text),
    'QR-G-5C-1LS-1W1Z9P7',
  );
  assert.deepEqual(
    openBytes(() => known, placeOf('ot_sk_dp'), bytes),
    Uint8Array.of(1, 2, 3),
  );
});

test('the place of a value has the whole key of its row', () => {
  const row = { iccid: '89', eid: '"', account: 'a', name: 'b' };
  assert.equal(
    placeOfSecret('profile_use', 'ot_sk_dp', row),
    JSON.stringify(['profile_use', 'ot_sk_dp', '89', '"']),
  );
  assert.equal(placeOfSecret('upstream', 'x', row), '["upstream","x","a","b"]');
  assert.equal(
    placeOfSecret('transaction_secret', 'secret', { number: 7 }),
    '["transaction_secret","secret",7]',
  );
});

test('a value that was stored before stays as it is', () => {
  for (const value of [new Uint8Array(), Uint8Array.of(0x30, 0x00), randomBytes(32)]) {
    assert.equal(keyIdOf(value), undefined);
    assert.equal(openBytes(keyOf, 'place', value), value);
  }
  assert.equal(openText(keyOf, 'place', '{"a":1}'), '{"a":1}');
});

test('the marks are what sealed values begin with', () => {
  const { bytes, text } = SEALED_MARKS;
  assert.equal(bytes.length, 6);
  const sealed = sealBytes(key, 'place', Buffer.from('secret'));
  assert.deepEqual(new Uint8Array(sealed.subarray(0, bytes.length)), bytes);
  assert.ok(sealText(key, 'place', 'secret').startsWith(text));
});
