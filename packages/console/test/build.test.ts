import assert from 'node:assert/strict';
import { globSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { buildConsole } from '../build.ts';

/** What a browser has loaded when the console shows its first screen: at most so many bytes, gzipped. */
const FIRST_LOAD = 200_000;

let scratch = '';
let folder = '';
before(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'esim-console-'));
  folder = join(scratch, 'dist');
  await buildConsole(folder);
});
after(() => rmSync(scratch, { recursive: true, force: true }));

const read = (file: string) => readFileSync(join(folder, file), 'utf8');
const filesOf = (pattern: string) => globSync(pattern, { cwd: folder });

test('the first load is smaller than 200 kB', () => {
  const files = filesOf('**/*.gz');
  const bytes = files.reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);
  assert.ok(files.length >= 3 && bytes > 50_000, 'the script is in it');
  assert.ok(bytes < FIRST_LOAD, `${bytes} bytes: ${files.join(', ')}`);
});

test('the page has no script and no style inside, and loads files that are there', () => {
  const page = read('index.html');
  assert.doesNotMatch(page, /<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)/);
  const loaded = Array.from(page.matchAll(/(?:src|href)="\/console\/([^"]+)"/g), ([, path = '']) => path);
  assert.equal(loaded.length, 3);
  for (const path of loaded) assert.ok(statSync(join(folder, path)).size > 0, path);
});

test('the script and the style name no other host that they would load from', () => {
  for (const file of [...filesOf('assets/*.js'), ...filesOf('assets/*.css')]) {
    const hosts = new Set(Array.from(read(file).matchAll(/https?:\/\/[\w.-]+/g), ([url]) => url));
    // namespaces of XML, the page of React that explains an error, and the address that the SDK uses in Node; the rest are hints of fields, and an example
    const known = ['http://www.w3.org', 'https://react.dev', 'http://127.0.0.1'];
    const texts = ['https://host', 'https://.', 'https://esim.example.com'];
    for (const one of [...known, ...texts]) hosts.delete(one);
    assert.deepEqual([...hosts], [], file);
  }
});

test('each file is there compressed too, with the same content', () => {
  for (const file of filesOf('**/*.{js,css,html,svg}')) {
    const content = readFileSync(join(folder, file));
    assert.deepEqual(gunzipSync(readFileSync(join(folder, `${file}.gz`))), content);
    assert.deepEqual(brotliDecompressSync(readFileSync(join(folder, `${file}.br`))), content);
  }
});

test('the licences of the packages in the script are there with their texts', () => {
  const text = read('LICENCES.txt');
  assert.match(text, /^wouter \d+\.\d+\.\d+ \(Unlicense\)$/m); // the public domain: it has no text to keep
  for (const name of ['react', 'react-dom', 'scheduler', 'regexparam', '@tanstack/react-virtual'])
    assert.match(text, new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\(MIT\\)\\n\\n\\S`, 'm'));
});
