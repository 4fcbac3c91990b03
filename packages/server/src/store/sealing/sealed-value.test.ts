import assert from 'node:assert/strict';
import { createSecretKey, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { keyIdOf, openBytes, openText, sealBytes, sealText } from './sealed-value.ts';

const key = { id: 3, key: createSecretKey(randomBytes(32)) };
const keyOf = (id: number) => (id === key.id ? key.key : assert.fail(`key ${id}`));

test('bytes and texts come back at their place, and the same value is sealed differently each time', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2000 }), fc.string(), fc.string(), (bytes, text, place) => {
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

test('a value that was stored before stays as it is', () => {
  for (const value of [new Uint8Array(), Uint8Array.of(0x30, 0x00), randomBytes(32)]) {
    assert.equal(keyIdOf(value), undefined);
    assert.equal(openBytes(keyOf, 'place', value), value);
  }
  assert.equal(openText(keyOf, 'place', '{"a":1}'), '{"a":1}');
});
