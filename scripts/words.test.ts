import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const ROOT = join(import.meta.dirname, '..');

/** Words that people do not search for, or that have another meaning in English, with the words to use instead. */
const WORDS: Readonly<Record<string, string>> = {
  'told|tells?': 'reports, sends, says',
  'hears? of': 'receives, is notified',
  'wish(?:es|ed)?(?: for)?': 'request, filter, option, input',
  given: 'provided, or the noun itself',
  'drawn|draws?': 'generated (a key, a number), rendered (an image)',
  'pass(?:ed|es)? over': 'skip, ignore',
  'mend(?:s|ed|ing)?': 'fix',
  'worth nothing': 'revoked, expired, useless',
  'la(?:y|id)s? (?:it |them |the \\w+ )?(?:into|out)': 'put into',
  guesses: 'attempts, code attempts',
  'misdeeds?': 'fault',
  'vacanc(?:y|ies)|vacant': 'free numbers',
  lanes: 'queue per target',
  'so (?:many|much|long)': 'the number itself',
  'nobody(?:.s)?|no one': 'no user, no caller, or the passive voice',
  whoever: 'anyone who, the caller',
  'anew|once more': 'again',
  beside: 'next to, together with, also',
  amid: 'in the middle of',
  nought: 'zero, nothing',
  dearer: 'slower, more expensive',
  'affairs?': '(leave it out)',
  begun: 'started',
  'go(?:es)? on': 'continue',
  'let(?:s|ting)? \\w+ in|let in': 'accept, allow',
  'st(?:and|ands|ood)': 'is',
  'is asked by': 'supports',
  'of (?:our|this) house': 'of this repository',
  'figures?': 'benchmark, measurement, number',
};

/** What has plain words so far: pages, help texts, messages, comments and names. */
const FILES = [
  '*.md',
  '.env.example',
  'docs/**/*.md',
  'packages/*/README.md',
  'test/**/README.md',
  'packages/{cli,codec,euicc,phone,sdk,sgp22,smdp,server}/**/*.ts',
  'packages/console/{*.ts,src/**/*.ts,src/**/*.tsx}',
  'bench/**/*.ts',
  'fuzz/**/*.ts',
  'scripts/**/*.ts',
  'test/conformance/**/*.ts',
];
/** Tests: their names and data are not checked yet. */
const EXCEPT = ['**/node_modules/**', '**/dist/**', '**/*.test.ts', '**/*.testdata.ts', '**/*.harness.ts'];

/** Uses that are right, with the reason. */
const ALLOWED: readonly { readonly file: string; readonly text: string; readonly why: string }[] = [
  {
    file: 'packages/server/src/store/rows/profiles.ts',
    text: 'Bit n stands for bit n',
    why: 'it means "represents"',
  },
];

const asWord = (words: string, flags: string) => new RegExp(`(?<![\\w-])(?:${words})(?![\\w-])`, flags);
const PATTERNS = Object.entries(WORDS).map(([words, instead]) => ({ pattern: asWord(words, 'gi'), instead }));
/** Nearly all lines have none of them: they are searched once. */
const ANY = asWord(Object.keys(WORDS).join('|'), 'i');

/** Each use of such a word in a text, as a sentence. */
function findWords(file: string, text: string): string[] {
  const allowed = ALLOWED.filter((one) => one.file === file).map((one) => one.text);
  const kept = allowed.reduce((rest, phrase) => rest.replaceAll(phrase, ''), text);
  return kept
    .split('\n')
    .flatMap((line, i) =>
      ANY.test(line)
        ? PATTERNS.flatMap(({ pattern, instead }) =>
            Array.from(
              line.matchAll(pattern),
              ([found]) => `${file}:${i + 1} says "${found}"; write: ${instead}`,
            ),
          )
        : [],
    );
}

test('the texts use plain words', () => {
  const files = globSync(FILES, { cwd: ROOT, exclude: EXCEPT }).sort();
  assert.ok(files.length > 100, `only ${files.length} files`);
  const found = files.flatMap((file) => findWords(file, readFileSync(join(ROOT, file), 'utf8')));
  assert.deepEqual(found, []);
});

test('every allowed use still exists', () => {
  for (const { file, text } of ALLOWED)
    assert.ok(readFileSync(join(ROOT, file), 'utf8').includes(text), text);
});

test('a word is found in any case, and not as a part of another word', () => {
  assert.deepEqual(findWords('a.md', 'Fine.\nNobody was told.'), [
    'a.md:2 says "told"; write: reports, sends, says',
    'a.md:2 says "Nobody"; write: no user, no caller, or the passive voice',
  ]);
  assert.deepEqual(
    findWords('a.md', 'It was withdrawn, forgiven and understood by bystanders; besides, a drawn-out case.'),
    [],
  );
});
