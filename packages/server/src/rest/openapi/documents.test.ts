import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { html } from '../../shapes/html.ts';
import { operations } from '../operations.ts';
import { restTest } from '../testing/rest.harness.ts';
import { sectionOf } from './section.ts';

const api = await restTest();
after(() => api[Symbol.asyncDispose]());

type Sample = { readonly label: string; readonly source: string };
type Described = {
  readonly description: string;
  readonly 'x-section': string;
  readonly 'x-codeSamples': readonly Sample[];
};

const document = (await api.call('/openapi.json', { by: null })).json();

test('each operation says its permission, its refusals with their codes, and how to call it in five languages', () => {
  for (const { operationId, method, url, open, answers } of operations) {
    const path = url.replace(/:(\w+)/g, '{$1}');
    const described: Described = document.paths[path][method.toLowerCase()];
    assert.match(described.description, open ? /^No key is needed\./ : /^The key needs the permission /);
    for (const [status, { code, description }] of Object.entries(answers)) {
      if (Number(status) < 400) continue;
      const line = described.description.split('\n').find((one) => one.startsWith(`* ${status} [`));
      assert.ok(line?.endsWith(`: ${description}`), `${operationId} ${status}: ${line}`);
      if (code !== undefined) assert.ok(line?.includes(`errors#${code}`), `${operationId} ${status}`);
    }
    const labels = described['x-codeSamples'].map(({ label }) => label);
    const ofSdk = url.startsWith('/api/') ? ['SDK'] : [];
    assert.deepEqual([operationId, labels], [operationId, ['curl', ...ofSdk, 'Python', 'Go', 'PHP']]);
    assert.equal(described['x-section'], sectionOf(url));
  }
});

test('what is put into a page is escaped', () => {
  const text = `<i a="1">&'`;
  assert.equal(
    String(html`<b>${text}</b>${undefined}${false}${0}`),
    '<b>&lt;i a=&quot;1&quot;&gt;&amp;&#39;</b>0',
  );
});
