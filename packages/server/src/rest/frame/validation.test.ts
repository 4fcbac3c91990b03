import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Type } from '@sinclair/typebox';
import { formOf, inWords } from '../../shapes/shape.ts';
import { operations } from '../operations.ts';
import { HttpProblem } from './problem.ts';
import { compileCheck, type Part, validatorFor } from './validation.ts';

/** The paths of texts in a shape that have a pattern, and no words for it. */
function wordless(part: unknown, path: string): string[] {
  if (typeof part !== 'object' || part === null) return [];
  const own =
    'pattern' in part && typeof part.pattern === 'string' && formOf(part) === undefined ? [path] : [];
  return [...own, ...Object.entries(part).flatMap(([name, inner]) => wordless(inner, `${path}/${name}`))];
}

test('every pattern of a request has words, which an error says in its place', () => {
  const found = operations.flatMap(({ operationId, params, query, body }) =>
    wordless({ params, query, body }, operationId),
  );
  assert.deepEqual(found, []);
});

test('the shape of every request compiles', () => {
  for (const { params, query, body } of operations)
    for (const [part, schema] of Object.entries({ params, querystring: query, body }))
      if (schema !== undefined) assert.doesNotThrow(() => compileCheck(schema, part as Part));
});

test('what is wrong with a member is said in plain words', () => {
  const shape = Type.Object(
    {
      digits: Type.Optional(Type.String({ pattern: '^[0-9]{4}$', ...inWords('4 digits') })),
      short: Type.Optional(Type.String({ minLength: 1, maxLength: 3 })),
      count: Type.Optional(Type.Integer({ minimum: 1, maximum: 9 })),
    },
    { additionalProperties: false },
  );
  const check = validatorFor(shape, 'body');
  const cases: readonly (readonly [object, string])[] = [
    [{ digits: 'secret' }, 'digits must be 4 digits'],
    [{ digits: 1234 }, 'digits must be string'],
    [{ short: '' }, 'short must have at least 1 character'],
    [{ short: 'long' }, 'short must have at most 3 characters'],
    [{ count: 10 }, 'count must be <= 9'],
    [{ count: 1.5 }, 'count must be integer'],
  ];
  for (const [body, message] of cases)
    assert.throws(
      () => check(body),
      (error) => error instanceof HttpProblem && error.message === message,
      message,
    );
});
