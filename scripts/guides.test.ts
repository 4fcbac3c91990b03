import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { groups } from '#server/docs/contents';
import { labOperations } from '#server/rest/lab/operations';
import { codeOf } from '#server/rest/openapi/openapi-examples';
import { problemHelp } from '#server/rest/openapi/problem-help';
import { OTHER, sectionOf } from '#server/rest/openapi/section';
import { operations } from '#server/rest/operations';
import { generated } from './guides/write.ts';

const ROOT = join(import.meta.dirname, '..');

for (const [path, text] of Object.entries(generated))
  test(`${path} is what its tables say: after a change of one, run \`npm run generate\``, () => {
    assert.equal(readFileSync(join(ROOT, path), 'utf8'), text());
  });

test('the table of codes has each status with which an operation documents a code', () => {
  const missing = [...operations, ...labOperations].flatMap(({ operationId, answers }) =>
    Object.entries(answers)
      .map(([status, answer]) => ({ status: Number(status), answer }))
      .filter(({ status }) => status >= 400)
      .filter(({ status, answer }) => !problemHelp[codeOf(status, answer)].status.includes(status))
      .map(({ status, answer }) => `${operationId}: ${status} ${codeOf(status, answer)}`),
  );
  assert.deepEqual(missing, []);
});

test('every operation has a section in the documentation: packages/server/src/rest/openapi/section.ts', () => {
  const without = [...operations, ...labOperations].filter(({ url }) => sectionOf(url) === OTHER);
  assert.deepEqual(
    without.map(({ operationId }) => operationId),
    [],
  );
});

test('every guide is in the contents once: packages/server/src/docs/contents.ts', () => {
  const files = readdirSync(join(ROOT, 'docs/guide')).filter((name) => name.endsWith('.md'));
  const listed = groups.flatMap(({ pages }) => pages).map(({ source }) => source);
  assert.deepEqual(
    listed.filter((source) => source.startsWith('docs/guide/')).toSorted(),
    files.map((name) => `docs/guide/${name}`).toSorted(),
  );
});
