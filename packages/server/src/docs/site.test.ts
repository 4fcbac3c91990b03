import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { docFileAt } from './doc-files.ts';
import { renderMarkdown } from './markdown.ts';
import { ASSETS, addressOf, allPages, DOCS, FILES, GUIDES, linkedFiles } from './site.ts';
import { filesIn, readBundle, readDocument } from './sources.ts';

async function textAt(path: string): Promise<string> {
  const file = (await docFileAt(path)) ?? assert.fail(`nothing is at ${path}`);
  return file.codings.at(-1)?.body.toString() ?? '';
}

const pages = [DOCS, GUIDES, ...[...allPages().keys()].map((name) => `${GUIDES}/${name}`)];

/** The links of a page to this site, each with where it leads and the heading there. */
const linksIn = (html: string) =>
  [...html.matchAll(/\s(?:href|src)="([^"]*)"/g)]
    .map(([, address = '']) => address.replaceAll('&amp;', '&'))
    .filter((address) => !/^https?:/.test(address))
    .map((address) => address.split('#') as [path: string, anchor?: string]);

/** What the rest of the server has. */
const ELSEWHERE = new Set(['/openapi.json', '/openapi-3.0.json', '/favicon.ico']);

test('every link of every page leads to a page, a file or a heading that is there', async () => {
  const texts = new Map(await Promise.all(pages.map(async (path) => [path, await textAt(path)] as const)));
  for (const [path, text] of texts)
    for (const [target, anchor] of linksIn(text)) {
      const address = target === '' ? path : target;
      if (ELSEWHERE.has(address)) continue;
      const file = await docFileAt(address);
      assert.ok(file !== undefined, `${path} links to ${address}`);
      if (anchor === undefined || address === DOCS) continue;
      const there = texts.get(address) ?? assert.fail(`${path} links into ${address}`);
      assert.ok(there.includes(` id="${anchor}"`), `${path} links to ${address}#${anchor}`);
    }
});

test('the links of the documents that the site has not are to sources of the project only', () => {
  const without: string[] = [];
  for (const { source } of allPages().values()) {
    if (source === 'docs/adr') continue;
    const text = readDocument(source);
    for (const [, target = ''] of text.matchAll(/\]\(((?!https?:|#|\/)[^)#\s]+)/g)) {
      const rendered = renderMarkdown(`[x](${target})`, source, addressOf).body;
      if (!rendered.includes('<a ')) without.push(target);
    }
  }
  assert.deepEqual(
    without.filter(
      (target) =>
        !/^(?:\.\.\/)*(?:packages|test|scripts|deploy|docs|proxies|CONTRIBUTING\.md)\b/.test(target),
    ),
    [],
  );
});

test('no page has a script or a style of its own, and only the API reference loads scripts', async () => {
  for (const path of pages) {
    const text = await textAt(path);
    const loaded = [...text.matchAll(/<script src="([^"]*)"/g)].map(([, address]) => address);
    assert.equal([...text.matchAll(/<script\b/g)].length, loaded.length, path);
    assert.equal(loaded.length, path === DOCS ? 2 : 0, path);
    assert.doesNotMatch(text, /<style|\sstyle=|\son\w+=|<iframe|<object|<form/, path);
  }
});

test('policies: guides run nothing, the API reference runs scripts of this server, and neither calls another host', async () => {
  const policyOf = async (path: string) => (await docFileAt(path))?.policy ?? assert.fail(path);
  assert.equal(
    await policyOf(`${GUIDES}/keys`),
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; style-src 'self'; img-src 'self'",
  );
  assert.equal(
    await policyOf(DOCS),
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self'",
  );
});

test('the API reference loads at most 1.1 MB of compressed scripts and styles', async () => {
  const text = await textAt(DOCS);
  const addresses = [...text.matchAll(/(?:src|href)="(\/docs\/assets\/[^"]*)"/g)].map(([, one = '']) => one);
  assert.equal(addresses.length, 4);
  const sizes = await Promise.all(
    addresses.map(async (path) => gzipSync(await textAt(path), { level: 9 }).length),
  );
  const sum = sizes.reduce((all, size) => all + size);
  assert.ok(sum <= 1_100_000, `${sum} bytes`);
  assert.ok((readBundle()?.identity?.length ?? 0) > 1_000_000, 'the library is among them');
});

test('HTML in a document is text, also that of its links, and a link leads nowhere but to sites and pages', () => {
  const text =
    '# T\n\n<script>alert(1)</script> **b**\n\n<img src=x onerror=alert(1)>\n\n[a](javascript:alert(1)) [b](https://example.com/"><b>) `<i>`\n';
  const { title, body } = renderMarkdown(text, 'docs/guide/x.md', () => undefined);
  assert.equal(title, 'T');
  assert.doesNotMatch(body, /<(?:script|img|i|b)\b|javascript:/);
  assert.match(body, /&lt;script&gt;/);
});

test('headings have the ids that GitHub gives them', () => {
  const text = '# T\n## If the key is lost\n### `createX`: one, two\n## If the key is lost\n';
  const { headings } = renderMarkdown(text, 'a.md', () => undefined);
  assert.deepEqual(
    headings.map(({ id, depth }) => [id, depth]),
    [
      ['if-the-key-is-lost', 2],
      ['createx-one-two', 3],
      ['if-the-key-is-lost-1', 2],
    ],
  );
});

test('the files that guides link to have different names', () => {
  const files = [...filesIn('deploy'), ...filesIn('docs/guide/proxies'), '.env.example'];
  assert.deepEqual([...linkedFiles().values()], files);
});

test('nothing but pages and what they link to is served', async () => {
  for (const path of [
    ...[`${GUIDES}/nothing`, `${GUIDES}/../../package.json`, `${GUIDES}/__proto__`, `${DOCS}/other/x`],
    ...[`${ASSETS}/scalar.js`, `${DOCS}/images/../../LICENSE`, `${FILES}/package.json`],
    ...[`${FILES}/../package.json`, `${FILES}/deploy/prometheus/alerts.yaml`, `${FILES}//etc/passwd`],
  ])
    assert.equal(await docFileAt(path), undefined, path);
  assert.match(await textAt(`${FILES}/alerts.yaml`), /^groups:/m);
});
