import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { importsOf } from './import-table-read.ts';

const ROOT = join(import.meta.dirname, '..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const sources = (pattern: string) =>
  globSync(pattern, { cwd: ROOT, exclude: ['**/dist', '**/node_modules'] });

const names = globSync('*', { cwd: join(ROOT, 'packages') }).sort();
const exportsOf = (name: string): Record<string, string> =>
  JSON.parse(read(`packages/${name}/package.json`)).exports;

for (const name of names)
  test(`every export of ${name} is a source file or is built, and no pattern exports a test`, () => {
    for (const [subpath, target] of Object.entries(exportsOf(name))) {
      if (target.startsWith('./dist/')) {
        assert.ok(globSync('build.ts', { cwd: join(ROOT, 'packages', name) }).length > 0, subpath);
        continue;
      }
      const files = globSync(target, { cwd: join(ROOT, 'packages', name) });
      assert.notEqual(files.length, 0, `${subpath} has no file`);
      if (subpath.includes('*'))
        assert.deepEqual(
          files.filter((file) => /\.(?:testdata|harness)\.ts$/.test(file)),
          [],
        );
    }
  });

/** What the packages, the tests and the READMEs import, each module once. */
const imported = new Set(
  [...sources('{packages,test,bench,fuzz,scripts}/**/*.{ts,tsx}')].flatMap((path) =>
    importsOf(read(path)).map(({ from }) => from),
  ),
);

test('a module of a package is exported because another package or a test uses it', () => {
  const unused = names.flatMap((name) =>
    Object.keys(exportsOf(name))
      .filter((subpath) => subpath !== '.' && !subpath.includes('*'))
      .map((subpath) => `@esim-rsp/${name}${subpath.slice(1)}`)
      .filter((specifier) => !imported.has(specifier)),
  );
  assert.deepEqual(unused, []);
});

test('tests use the name of a package for what it exports, and # for its internals only', () => {
  const wrong = [...imported].filter((specifier) => {
    const [, name = '', path = ''] = /^#([a-z0-9]+)\/(.+)$/.exec(specifier) ?? [];
    return name !== '' && Object.hasOwn(exportsOf(name), `./${path}`);
  });
  assert.deepEqual(wrong, []);
});
