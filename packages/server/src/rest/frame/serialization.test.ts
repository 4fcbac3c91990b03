import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Type } from '@sinclair/typebox';
import { operations } from '../operations.ts';
import { compileSerializer, serializerFor } from './serialization.ts';

test('the shape of every answer compiles', () => {
  const shapes = operations.flatMap(({ answers }) => Object.values(answers).map(({ schema }) => schema));
  const compiled = shapes.filter((schema) => schema !== undefined).map(compileSerializer);
  assert.ok(compiled.length > 20, `only ${compiled.length} shapes`);
});

test('an answer has the members of its shape only', () => {
  const shape = Type.Object({ iccid: Type.String() });
  assert.equal(
    serializerFor(shape)({ iccid: '8988201000000000019', ki: 'secret' }),
    '{"iccid":"8988201000000000019"}',
  );
});
