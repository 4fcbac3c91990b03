import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { fill, languageCodes, languages, preferredLanguage } from './languages.ts';
import { en } from './texts/en.ts';

const placeholders = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([name]) => name).sort();

test('every language has a file, and is offered', () => {
  const files = readdirSync(new URL('texts', import.meta.url)).map((file) => file.replace(/\.ts$/, ''));
  assert.deepEqual(files.filter((file) => file !== 'texts').sort(), languageCodes.toSorted());
  assert.equal(languageCodes.length, 10);
});

for (const code of languageCodes)
  test(`the texts in ${code} have all keys and placeholders, and none is empty or English`, () => {
    const { texts } = languages[code];
    assert.deepEqual(Object.keys(texts), Object.keys(en));
    for (const [key, text] of Object.entries(texts)) {
      const english = en[key as keyof typeof en];
      assert.ok(text.trim() === text && text !== '', key);
      assert.deepEqual(placeholders(text), placeholders(english), key);
      if (code !== 'en') assert.notEqual(text, english, key);
    }
  });

test('the language is the one that the browser prefers among those that there are', () => {
  const cases: readonly (readonly [string | undefined, string | undefined])[] = [
    [undefined, undefined],
    ['', undefined],
    ['de', 'de'],
    ['de-CH,de;q=0.9,en;q=0.8', 'de'],
    ['ja,ko;q=0.9', undefined],
    ['ja,en-GB;q=0.2,pt-BR;q=0.7', 'pt'],
    ['en;q=0,fr;q=0.1', 'fr'],
    ['AR-eg', 'ar'],
    ['zh-Hans-CN', 'zh'],
    ['*;q=0.5', undefined],
    ['constructor,toString', undefined],
    [`${'x,'.repeat(100_000)}de`, undefined],
  ];
  for (const [header, language] of cases)
    assert.equal(preferredLanguage(header), language, `${header}`.slice(0, 40));
});

test('values replace their placeholders only', () => {
  assert.equal(fill('{date}, {other}', { date: '{other}' }), '{other}, {other}');
});
