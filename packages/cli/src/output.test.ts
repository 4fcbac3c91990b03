import assert from 'node:assert/strict';
import { test } from 'node:test';
import { harmfulIn } from '@esim-rsp/sgp22/value/text';
import fc from 'fast-check';
import { escapeLines, fields, jsonOf } from './output.ts';

const foreign = fc.string({ unit: fc.constantFrom('a', '\x1b', '\x07', '\n', '\u202e', '\ud800', '\x9b') });
const harmless = (text: string) => assert.equal(harmfulIn(text.replaceAll('\n', '')), undefined);

test('fields and lines have no character that moves the cursor or changes the direction', () => {
  fc.assert(
    fc.property(foreign, foreign, (a, b) => {
      for (const text of [
        fields([
          ['name', a],
          ['other', b],
        ]),
        escapeLines(a),
      ])
        harmless(text);
    }),
  );
});

test('JSON keeps the stored text, and has no such character itself', () => {
  fc.assert(
    fc.property(foreign, (text) => {
      harmless(jsonOf({ text }, 2));
      assert.deepEqual(JSON.parse(jsonOf({ text })), { text });
    }),
  );
});
