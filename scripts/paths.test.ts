import assert from 'node:assert/strict';
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { test } from 'node:test';

const ROOT = join(import.meta.dirname, '..');
const IGNORED = ['**/node_modules', '**/dist'];
const pages = globSync(['*.md', 'docs/**/*.md', 'packages/*/README.md', 'test/**/*.md'], {
  cwd: ROOT,
  exclude: IGNORED,
})
  .filter((page) => page !== 'CHANGELOG.md') // it is about the past
  .sort();

const top = readdirSync(ROOT).filter((name) => name !== 'node_modules');
const packages = readdirSync(join(ROOT, 'packages'));
const fileNames = new Set(
  globSync('**/*.{ts,mjs,md,json,sql}', { cwd: ROOT, exclude: IGNORED }).map((path) => basename(path)),
);
const ignored = readFileSync(join(ROOT, '.gitignore'), 'utf8').split('\n');

const CODE = /`([^`\n]+)`/g;
const LINK = /\]\(([^)\s]+)\)/g;
/** A file of the repository by its name alone. */
const FILE = /^[A-Za-z0-9][\w.-]*\.(?:ts|mjs|md|sql)$/;
/** Folders and files, `*` for any, with at least one slash. */
const PATH = /^[\w.*-]+(?:\/[\w.*-]+)*\/?$/;

/** Whether a path exists: from the root, or from the sources of a package (`smdp/run.ts`), with or without `.ts`. */
function exists(path: string): boolean {
  const [first = '', ...rest] = path.replace(/\/$/, '').split('/');
  const inside = packages.includes(first)
    ? [
        ['packages', first, 'src', ...rest],
        ['packages', first, ...rest],
      ]
    : [];
  return [[first, ...rest], ...inside]
    .map((segments) => segments.join('/'))
    .some((candidate) =>
      [candidate, `${candidate}.ts`].some((one) => globSync(one, { cwd: ROOT }).length > 0),
    );
}

/** The paths of the repository that a page names in `code`: those that begin with a folder at the top or with a package. */
function namedIn(text: string): string[] {
  return Array.from(text.replaceAll(/```[\s\S]*?```/g, '').matchAll(CODE), ([, code = '']) => code)
    .map((code) => code.replaceAll(/<[\w-]+>/g, '*'))
    .filter((code) => {
      if (FILE.test(code)) return true;
      const [first = ''] = code.split('/');
      return code.includes('/') && PATH.test(code) && (top.includes(first) || packages.includes(first));
    })
    .filter((code) => !ignored.includes(code));
}

for (const page of pages)
  test(`the paths and links in ${page} lead somewhere`, () => {
    const text = readFileSync(join(ROOT, page), 'utf8');
    const isGuide = page.startsWith(join('docs', 'guide')); // its file names are those of the reader
    const missing = namedIn(text).filter((path) =>
      FILE.test(path) ? !isGuide && !fileNames.has(path) : !exists(path),
    );
    const dead = Array.from(text.matchAll(LINK), ([, link = '']) => link.replace(/#.*$/, ''))
      .filter((link) => link !== '' && !/^[a-z]+:/.test(link))
      .filter((link) => !existsSync(join(ROOT, dirname(page), link)));
    assert.deepEqual({ missing, dead }, { missing: [], dead: [] });
  });

test('ARCHITECTURE.md names paths at all', () => {
  assert.ok(namedIn(readFileSync(join(ROOT, 'ARCHITECTURE.md'), 'utf8')).length > 50);
});

test('each decision has a number of its own, which its title repeats', () => {
  const folder = join(ROOT, 'docs/adr');
  const decisions = readdirSync(folder).sort();
  const numbers = decisions.map((name) => Number(name.slice(0, 4)));
  assert.deepEqual(
    numbers,
    decisions.map((_, i) => i + 1),
  );
  for (const [i, name] of decisions.entries())
    assert.ok(readFileSync(join(folder, name), 'utf8').startsWith(`# ${i + 1}. `), name);
});
