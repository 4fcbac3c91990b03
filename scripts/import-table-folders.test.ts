import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  circlesIn,
  crowdedFolders,
  FOLDERS,
  folderViolations,
  tableCircles,
} from './import-table-folders.ts';

/** The violations of a package whose files have these texts. */
const judge = (name: string, files: Readonly<Record<string, string>>) =>
  folderViolations(
    name,
    Object.entries(files).map(([file, text]) => ({ name, file, text })),
  );

test('an import that points down passes', () => {
  const files = {
    'es9/one.ts': `import { a } from '../order/a.ts';\nimport { run } from '../run.ts';`,
    'order/a.ts': `import type { State } from '../state/state.ts';`,
    'state/state.ts': '',
    'run.ts': '',
    'es9/one.test.ts': `import { b } from '../es2/b.ts';`,
    'es2/b.ts': '',
  };
  assert.deepEqual(judge('smdp', files), []);
});

test('an import that points up is found, also one of a type', () => {
  const files = { 'state/state.ts': `import type { A } from '../order/a.ts';`, 'order/a.ts': '' };
  assert.deepEqual(judge('smdp', files), [
    'packages/smdp/src/state/state.ts may not import order/a.ts: state may not import its folder.',
  ]);
});

test('an import by the own name of the package is an import', () => {
  const files = {
    'rest/one.ts': `import { open } from '@esim-rsp/server/store/sqlite/store';`,
    'store/sqlite/store.ts': '',
  };
  assert.match(judge('server', files).join(), /rest\/one\.ts may not import store\/sqlite\/store\.ts/);
});

test('only the process opens an engine', () => {
  const open = (file: string) => ({
    [file]: `import { openSqliteStore } from '${'../'.repeat(file.split('/').length - 1)}store/sqlite/store.ts';`,
    'store/sqlite/store.ts': '',
  });
  assert.deepEqual(judge('server', open('process/data.ts')), []);
  for (const folder of ['rest', 'rsp', 'delivery', 'jobs', 'accounts', 'store/ports', 'store/rows'])
    assert.equal(judge('server', open(`${folder}/one.ts`)).length, 1, folder);
});

test('a loose file of the server is found', () => {
  assert.deepEqual(judge('server', { 'loose.ts': '', 'index.ts': '' }), [
    'packages/server/src/loose.ts is in no folder of the table.',
  ]);
});

test('files that import each other are found, in tests and by types too', () => {
  const files = {
    'value/a.ts': `import type { B } from './b.ts';`,
    'value/b.ts': `export * from './c.ts';`,
    'value/c.ts': `const { a } = await import('./a.ts');`,
    'value/one.testdata.ts': `import { two } from './two.testdata.ts';`,
    'value/two.testdata.ts': `import type { One } from './one.testdata.ts';`,
    'value/free.ts': `import { a } from './a.ts';`,
  };
  const where = 'packages/sgp22/src/value';
  assert.deepEqual(judge('sgp22', files).sort(), [
    `${where}/a.ts, ${where}/b.ts, ${where}/c.ts import each other in a circle.`,
    `${where}/one.testdata.ts, ${where}/two.testdata.ts import each other in a circle.`,
  ]);
});

test('folders that import each other are found where there is no table', () => {
  const files = {
    'value/a.ts': `import { b } from '../pki/b.ts';`,
    'pki/b.ts': '',
    'pki/c.ts': `import { d } from '../value/d.ts';`,
    'value/d.ts': '',
  };
  assert.deepEqual(judge('sgp22', files), [
    'The folders pki, value of packages/sgp22/src import each other in a circle.',
  ]);
});

test('the tables have no circle', () => {
  for (const [name, table] of Object.entries(FOLDERS)) assert.deepEqual(tableCircles(name, table), []);
  assert.equal(tableCircles('smdp', { order: ['state'], state: ['order'] }).length, 1);
});

test('circles that touch are one, and what only leads to a circle is none', () => {
  const graph = { a: ['b'], b: ['a', 'c'], c: ['b'], d: ['a'], e: [] };
  assert.deepEqual(circlesIn(new Map(Object.entries(graph))), [['a', 'b', 'c']]);
});

test('a folder with more than 25 files is found, unless it is one of commands or migrations', (t) => {
  const root = mkdtempSync(join(tmpdir(), 'import-table-'));
  t.after(() => rmSync(root, { recursive: true }));
  const fill = (folder: string, count: number) => {
    mkdirSync(join(root, folder), { recursive: true });
    for (let i = 0; i < count; i++) writeFileSync(join(root, folder, `${i}.ts`), '');
  };
  fill('packages/cli/src/commands/profile', 26);
  fill('packages/server/src/store/migrations', 26);
  fill('packages/server/src/rest', 25);
  assert.deepEqual(crowdedFolders(root), []);
  fill('packages/server/src/rsp', 26);
  fill('test/e2e', 26);
  assert.deepEqual(crowdedFolders(root).sort(), [
    'packages/server/src/rsp has 26 files, at most 25: divide it.',
    'test/e2e has 26 files, at most 25: divide it.',
  ]);
});
