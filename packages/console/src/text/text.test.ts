import assert from 'node:assert/strict';
import { test } from 'node:test';
import { de } from './de.ts';
import { en } from './en.ts';

/** The paths of all texts, with how many values each is written with. */
function pathsOf(texts: object, at = ''): string[] {
  return Object.entries(texts).flatMap(([name, text]) =>
    typeof text === 'object' ? pathsOf(text, `${at}.${name}`) : [`${at}.${name} ${typeof text}`],
  );
}

test('both languages have the same texts', () => {
  assert.deepEqual(pathsOf(de).sort(), pathsOf(en).sort());
});

test('no text is empty', () => {
  for (const [language, texts] of Object.entries({ en, de }))
    assert.deepEqual(JSON.stringify(texts).match(/"[\w-]+":""/g) ?? [], [], language);
});
