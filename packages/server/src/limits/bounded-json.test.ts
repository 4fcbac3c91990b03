import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseBoundedJson } from './bounded-json.ts';

test('values of messages are read as JSON.parse reads them', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 20 }), (value) => {
      const text = JSON.stringify(value);
      assert.deepEqual(parseBoundedJson(text), JSON.parse(text));
    }),
  );
});

test('brackets, commas and quotes inside strings do not count', () => {
  const text = `\\"\\\\${'[{,\\"'.repeat(50_000)}\\\\`;
  const value = JSON.parse(`{"a":["${text}","${text}"]}`);
  assert.deepEqual(parseBoundedJson(`{"a":["${text}","${text}"]}`), value);
});

test('what is too deep or has too many values is refused before it is parsed', () => {
  const deep = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
  assert.ok(parseBoundedJson(deep(64)));
  assert.throws(() => parseBoundedJson(deep(65)), /levels/);
  assert.ok(parseBoundedJson(`[${'0,'.repeat(19_998)}0]`));
  assert.throws(() => parseBoundedJson(`[${'0,'.repeat(20_000)}0]`), /values/);
  assert.throws(() => parseBoundedJson('{"a":"'), SyntaxError);
});
