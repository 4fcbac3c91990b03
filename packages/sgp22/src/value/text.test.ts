import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { escapeJson, escapeText, harmfulIn } from './text.ts';

const harmful = {
  'a line end': ['\n', 'U+000A'],
  'an escape character': ['\x1b', 'U+001B'],
  'a control character of the second set': ['\x9b', 'U+009B'],
  'a right-to-left override': ['\u202e', 'U+202E'],
  'a right-to-left isolate': ['\u2067', 'U+2067'],
  'a line separator': ['\u2028', 'U+2028'],
  'the first half of a surrogate pair': ['\ud83d', 'U+D83D'],
  'the second half of a surrogate pair': ['\ude00', 'U+DE00'],
} as const;

for (const [name, [character, code]] of Object.entries(harmful))
  test(`${name} is harmful, wherever it is`, () => {
    for (const text of [character, `a${character}`, `${character}b`, `a😀${character}b`])
      assert.equal(harmfulIn(text), code);
  });

for (const text of ['', 'Example Mobile', 'Ελλάδα', '日本 😀', 'شركة\u200f ١', 'a\u00a0b', '👩‍👩‍👧'])
  test(`${JSON.stringify(text)} is harmless and stays as it is`, () => {
    assert.equal(harmfulIn(text), undefined);
    assert.equal(escapeText(text), text);
  });

test('an escaped text has nothing harmful in it, and shows what there was', () => {
  assert.equal(escapeText('a\x1b[31mb\u202ec\ud83d'), 'a\\u{1b}[31mb\\u{202e}c\\u{d83d}');
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom('\ud83d', '\u202e', '\x07', 'x') }),
      (a, b) => {
        const escaped = escapeText(a + b);
        assert.equal(harmfulIn(escaped), undefined);
        assert.ok(escaped.isWellFormed());
      },
    ),
  );
});

test('harmful characters of JSON are written as JSON escapes, so that the value stays the same', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' })), (value) => {
      const json = escapeJson(JSON.stringify([...value, '\u202e\x9b\ud800'], null, 2));
      assert.deepEqual(JSON.parse(json), [...value, '\u202e\x9b\ud800']);
      assert.equal(harmfulIn(json.replaceAll('\n', '')), undefined);
    }),
  );
});
