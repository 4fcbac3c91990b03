import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { patternsIn, regularExpressions, slowText } from './slow-patterns.ts';

/** Those that take long for a long text, and why none comes to them. */
const onlyShort: Readonly<Record<string, string>> = {
  '/\\/+$/': 'a URL: of the settings, of a program, or in a shape that bounds it',
  '/(<[^>]*\\s)style=/gi': 'a preview in the browser of the account that wrote the page',
  '/<script\\b[^>]*><\\/script>/gi': 'the same preview',
  '/=+$/': 'the base64 of a salt or a hash',
  '/\\[([^\\]]*)\\]\\([^)]*\\)/g': 'our own documentation',
  '/^OPc.*: |;.*$/g': 'what we say of the form of a parameter',
  '/\\d+$/': 'the tag of a command of PostgreSQL',
  '/f+$/': 'the digits of at most ten octets',
  '/F+$/i': 'a text that was found to have at most 22 characters',
  '/^[<"\'`\\u00ab\\u2018-\\u201e]+|[>"\'`\\u00bb\\u2018-\\u201e]+$/g':
    'a pasted text of at most 2000 characters',
  '/^[^\\s@<>"]+@[^\\s@<>"]+\\.[^\\s@<>"]+$/':
    'a mail address of at most 254 characters, which its shape checks first',
};

const all = regularExpressions(join(import.meta.dirname, '../..'));

test('the time that a regular expression takes grows with its text, and not with the square of its length', () => {
  assert.ok(all.length > 350, `only ${all.length} were found`);
  const slow = all
    .filter(({ pattern }) => onlyShort[String(pattern)] === undefined)
    .flatMap(({ pattern, places }) => {
      const text = slowText(pattern);
      return text === undefined ? [] : [`${pattern} at ${places.join(', ')} with ${text}`];
    });
  assert.deepEqual(slow, []);
});

test('every exception is still in the sources, and slow', () => {
  const patterns = new Map(all.map(({ pattern }) => [String(pattern), pattern]));
  for (const name of Object.keys(onlyShort)) {
    const pattern = patterns.get(name);
    assert.ok(pattern, `${name} is in no source`);
    assert.ok(slowText(pattern), `${name} is not slow`);
  }
});

test('slow patterns are noticed', () => {
  for (const pattern of [/\s+$/, /^[A-Z\s]+={0,2}\s*$/, /(a+)+!/, /^(\d+)*x/, /<[^>]*\s>/, /(.*),(.*);/])
    assert.ok(slowText(pattern), String(pattern));
  for (const pattern of [/^\s+$/, /^[A-Z]+={0,2}$/, /\d{8,}/g]) assert.equal(slowText(pattern), undefined);
});

test('literals are found where they begin a value, and the patterns of shapes', () => {
  const source = String.raw`
const a = b / c / d; // /x/
const text = '/x/', template = #/x/$\{one.replace(/in/g, #$\{/deep/}#)}/x/#;
const found = [/[/]"/u, /\//].map((one) => /arrow/.test(one)); /* /x/ */
const shape = { pattern: '^[\\w]$' };
return /last/i;`
    .replaceAll('#', '`')
    .replaceAll('$\\{', '${');
  assert.deepEqual(
    patternsIn(source).map(({ pattern, line }) => `${line} ${pattern}`),
    [
      '3 /in/g',
      '3 /deep/',
      '4 /[/]"/u',
      String.raw`4 /\//`,
      '4 /arrow/',
      '6 /last/i',
      String.raw`5 /^[\w]$/`,
    ],
  );
});
