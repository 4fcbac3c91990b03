import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { format } from 'node:util';

const packages = join(import.meta.dirname, '..', 'packages');

/** What the lines `console.log(…); // words` say that they print. */
const PRINTED = /^ *(?:if \(.*\) )?console\.log\(.*\); \/\/ (.*)$/gm;

for (const path of globSync('*/src/readme.testdata.ts', { cwd: packages }).sort()) {
  const [name = ''] = path.split(/[\\/]/);

  test(`the example in the README of ${name} is the one that is compiled, and prints what it says`, async (t) => {
    const example = readFileSync(join(packages, path), 'utf8');
    const page = readFileSync(join(packages, name, 'README.md'), 'utf8');
    assert.equal(/```ts\n(.*?)```/s.exec(page)?.[1], example);
    const { mock } = t.mock.method(console, 'log', () => {});
    await import(pathToFileURL(join(packages, path)).href);
    const printed = mock.calls.map(({ arguments: words }) => format(...words));
    const promised = Array.from(example.matchAll(PRINTED), ([, words]) => words);
    assert.deepEqual(printed, promised);
    assert.notEqual(printed.length, 0);
  });
}
