import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { check, TABLE, violations } from './import-table.ts';
import { importsOf } from './import-table-read.ts';

const DEPENDENCIES = [
  '@esim-rsp/codec',
  '@esim-rsp/sgp22',
  '@esim-rsp/smdp',
  '@esim-rsp/euicc',
  '@esim-rsp/sdk',
  'fastify',
];
const judge = (name: string, source: string, file = 'es9/one.ts') =>
  violations(name, file, source, DEPENDENCIES);

test('imports of every form are found, comments and text are not', () => {
  const source = `
    import 'a';
    import b, { type c } from "b";
    import {
      d,
    } from 'd/deep';
    export * from 'e';
    export type { F } from 'f';
    import type { G } from 'g';
    const h = await import('h'); const i = require('i');
    // import 'no1';
    /* import x from 'no2'; */
    const text = "import y from 'no3'";
    const quote = /['"]/; // a pattern, not a string
    import type from 'j';
  `;
  assert.deepEqual(
    importsOf(source)
      .map(({ from, typeOnly }) => (typeOnly ? `type ${from}` : from))
      .sort(),
    ['a', 'b', 'd/deep', 'e', 'h', 'i', 'j', 'type f', 'type g'],
  );
});

test('what the table allows passes', () => {
  assert.deepEqual(
    judge('smdp', `import { a } from '@esim-rsp/sgp22/crypto/ecdsa';\nimport { b } from '../state/b.ts';`),
    [],
  );
  assert.deepEqual(judge('sgp22', `import { createSign } from 'node:crypto';`, 'crypto/ecdsa.ts'), []);
  assert.deepEqual(
    judge('server', `import type { A } from '@esim-rsp/sdk';\nimport fastify from 'fastify';`),
    [],
  );
  assert.deepEqual(judge('euicc', 'const day = new Date(now * 1000); // not Date.now()'), []);
  assert.deepEqual(judge('smdp', `throw new Error('console.log and fetch() are words here')`), []);
});

for (const [what, name, source, word] of [
  [
    'the two ends of the wire import each other',
    'smdp',
    `import type { C } from '@esim-rsp/euicc';`,
    '@esim-rsp/euicc',
  ],
  ['the card imports the server', 'euicc', `export { x } from '@esim-rsp/smdp/run';`, '@esim-rsp/smdp/run'],
  ['the codec imports anything', 'codec', `import { x } from '@esim-rsp/sgp22';`, '@esim-rsp/sgp22'],
  ['the SDK imports of Node', 'sdk', `const fs = await import('node:fs');`, 'node:fs'],
  [
    'Node’s cryptography is used outside crypto/',
    'sgp22',
    `import { hash } from 'node:crypto';`,
    'node:crypto',
  ],
  ['the server runs the SDK', 'server', `import { ESIMRSPApi } from '@esim-rsp/sdk';`, '@esim-rsp/sdk'],
  ['a package is used that the manifest does not list', 'server', `import pino from 'pino';`, 'pino'],
  [
    'a path leads into another package',
    'smdp',
    `import { x } from '../../../euicc/src/card.ts';`,
    '../../../euicc/src/card.ts',
  ],
  ['the clock is read', 'smdp', 'const now = Date.now();', 'Date.now'],
  ['the clock is read by an empty Date', 'euicc', 'const now = new Date();', 'new Date'],
  ['it uses randomness', 'smdp', 'const n = Math.random();', 'Math.random'],
  ['the network is used', 'euicc', 'await fetch(url);', 'fetch'],
  ['the console is written to', 'codec', 'console.log(1);', 'console'],
  ['a template hides the clock', 'codec', 'const text = `$' + '{Date.now()}`;', 'Date.now'],
  ['a source imports a test', 'smdp', `import './one.test.ts';`, './one.test.ts'],
  ['a second import hides on the line', 'smdp', `import './a.ts'; import 'node:fs';`, 'node:fs'],
] as const) {
  test(`it is reported when ${what}`, () => {
    const found = judge(name, source);
    assert.equal(found.length, 1, found.join('\n'));
    assert.ok(found.join().includes(word), found.join());
  });
}

test('a package that is not in the table is reported', () => {
  assert.match(judge('misc', '').join(), /packages\/misc is not in the import table/);
});

test('a repository is searched but for its tests', (t) => {
  const root = mkdtempSync(join(tmpdir(), 'import-table-'));
  t.after(() => rmSync(root, { recursive: true }));
  const folder = join(root, 'packages/smdp/src/es9');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(root, 'packages/smdp/package.json'), '{"dependencies":{}}');
  writeFileSync(join(folder, 'one.ts'), `import 'node:fs';`);
  for (const name of ['one.test.ts', 'one.testdata.ts', 'one.harness.ts'])
    writeFileSync(join(folder, name), `import 'node:fs';`);
  assert.deepEqual(check(root), ['packages/smdp/src/es9/one.ts may not import node:fs.']);
});

test('the second decoder of profile packages shares no code with the packages', (t) => {
  const root = mkdtempSync(join(tmpdir(), 'import-table-'));
  t.after(() => rmSync(root, { recursive: true }));
  const folder = join(root, 'test/saip');
  mkdirSync(folder, { recursive: true });
  const foreign = [
    '@esim-rsp/codec',
    '#sgp22/profile/file',
    '../../packages/codec/src/tlv.ts',
    './one.test.ts',
  ];
  writeFileSync(join(folder, 'one.ts'), foreign.map((from) => `import '${from}';`).join('\n'));
  writeFileSync(join(folder, 'two.ts'), `import './one.ts';`);
  writeFileSync(join(folder, 'one.test.ts'), `import '@esim-rsp/sgp22/profile/build';`);
  assert.deepEqual(
    check(root),
    foreign.map((from) => `test/saip/one.ts may not import ${from}: it shares no code with the packages.`),
  );
});

test('smdp and euicc are never allowed to import each other', () => {
  assert.ok(!TABLE.smdp?.imports.includes('@esim-rsp/euicc'));
  assert.ok(!TABLE.euicc?.imports.includes('@esim-rsp/smdp'));
});
