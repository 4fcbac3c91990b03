import assert from 'node:assert/strict';
import { test } from 'node:test';
import { operations } from '../operations.ts';
import { openApiDocument } from './openapi.ts';
import { openApi30 } from './openapi-3.0.ts';

const document = openApiDocument(operations, '9.9.9');

/** A schema of 3.1 as 3.0 says it. */
function said(schema: object) {
  const { components } = openApi30({ components: { schemas: { One: schema } } }) as {
    components: { schemas: { One: object } };
  };
  return components.schemas.One;
}

const pairs: readonly (readonly [what: string, newer: object, older: object])[] = [
  ['a constant', { const: 'ok', type: 'string' }, { enum: ['ok'], type: 'string' }],
  ['an example', { type: 'string', examples: ['a', 'b'] }, { type: 'string', example: 'a' }],
  ['a type or null', { type: ['string', 'null'] }, { type: 'string', nullable: true }],
  ['two types', { type: ['string', 'number'] }, { anyOf: [{ type: 'string' }, { type: 'number' }] }],
  [
    'null among alternatives',
    { anyOf: [{ $ref: '#/a' }, { type: 'null' }] },
    { anyOf: [{ $ref: '#/a' }], nullable: true },
  ],
  ['an exclusive limit', { exclusiveMinimum: 0 }, { minimum: 0, exclusiveMinimum: true }],
  ['a reference with words', { $ref: '#/a', description: 'b' }, { $ref: '#/a' }],
  ['a map', { patternProperties: { '^a': { const: 1 } } }, { additionalProperties: { enum: [1] } }],
  [
    'members named like words of the schema',
    { properties: { const: { type: 'string' }, type: { const: 1 } }, required: ['type'] },
    { properties: { const: { type: 'string' }, type: { enum: [1] } }, required: ['type'] },
  ],
  ['an array', { items: { const: 1 }, type: 'array' }, { items: { enum: [1] }, type: 'array' }],
];
for (const [what, newer, older] of pairs)
  test(`${what} is said in the words of OpenAPI 3.0`, () => assert.deepEqual(said(newer), older));

/** Every schema of a document, with those inside. */
function* schemasIn(part: unknown, inside = false, name = ''): Generator<Record<string, unknown>> {
  if (typeof part !== 'object' || part === null || name === 'example') return;
  const within = inside || name === 'schema' || name === 'schemas';
  if (within && !Array.isArray(part)) yield part as Record<string, unknown>;
  for (const [member, value] of Object.entries(part)) yield* schemasIn(value, within, member);
}

test('our document in 3.0 has the same paths and answers, and no word of 3.1', () => {
  const older = openApi30(document);
  assert.equal(older.openapi, '3.0.3');
  const paths = (of: object) =>
    Object.entries((of as { paths: object }).paths).map(([path, item]) => [path, Object.keys(item)]);
  assert.deepEqual(paths(older), paths(document));
  const words = ['const', 'examples', 'patternProperties', 'contentMediaType', '$id'];
  for (const schema of schemasIn(older)) {
    for (const word of words) assert.ok(!(word in schema), `${word} in ${JSON.stringify(schema)}`);
    assert.ok(!Array.isArray(schema.type) && schema.type !== 'null', JSON.stringify(schema));
  }
});

test('no two values of an enum differ in case only: generators name their members by them', () => {
  const enums: unknown[][] = [];
  JSON.stringify(document, (name, value) => {
    if (name === 'enum' && Array.isArray(value)) enums.push(value);
    return value;
  });
  assert.ok(enums.length > 10);
  for (const values of enums) {
    const names = values.map((value) => String(value).toLowerCase());
    assert.equal(new Set(names).size, names.length, values.join(' '));
  }
});
