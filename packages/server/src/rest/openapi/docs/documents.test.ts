import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, test } from 'node:test';
import { operations } from '../../operations.ts';
import { restTest } from '../../testing/rest.harness.ts';
import { html } from './html.ts';

const api = await restTest();
after(() => api[Symbol.asyncDispose]());

const page = await api.call('/docs', { by: null });

test('the page has a section, a command and every answer of each operation', () => {
  assert.equal(page.statusCode, 200);
  assert.match(String(page.headers['content-type']), /^text\/html/);
  for (const { operationId, answers } of operations) {
    const [, section = ''] = page.body.split(`<section id="${operationId}">`);
    const [own = ''] = section.split('</section>');
    assert.ok(own.includes('<pre>curl '), operationId);
    for (const status of Object.keys(answers)) assert.ok(own.includes(`<b>${status}</b>`), operationId);
    assert.ok(page.body.includes(`<a href="#${operationId}">`), 'and is in the list of operations');
  }
});

test('the page loads nothing, runs nothing, and its only style is the one that its policy names', () => {
  const policy = String(page.headers['content-security-policy']);
  assert.match(policy, /default-src 'none'/);
  const styles = [...page.body.matchAll(/<style>([\s\S]*?)<\/style>/g)];
  assert.equal(styles.length, 1);
  const digest = createHash('sha256')
    .update(styles[0]?.[1] ?? '')
    .digest('base64');
  assert.ok(policy.includes(`style-src 'sha256-${digest}'`));
  assert.doesNotMatch(page.body, /<(?:script|link|img|iframe|object|form)\b|\ssrc=|\sstyle=|\son\w+=|url\(/i);
  for (const [, target = ''] of page.body.matchAll(/href="([^"]*)"/g)) assert.match(target, /^[#/]/);
});

test('every link within the page leads somewhere', () => {
  for (const [, id = ''] of page.body.matchAll(/href="#([^"]*)"/g))
    assert.ok(page.body.includes(` id="${id}"`), id);
});

test('what is put into the page is escaped', () => {
  const text = `<i a="1">&'`;
  assert.equal(
    String(html`<b>${text}</b>${undefined}${false}${0}`),
    '<b>&lt;i a=&quot;1&quot;&gt;&amp;&#39;</b>0',
  );
});
