import type { TSchema } from '@sinclair/typebox';
import build, { type Schema } from 'fast-json-stringify';

type Serialize = (value: unknown) => string;

/** The serializers that are compiled, by shape: the applications of a process share them. */
const serializers = new WeakMap<TSchema, Serialize>();

/** Compiles the shape of an answer, once in a process. */
export function compileSerializer(schema: TSchema): Serialize {
  const compiled = serializers.get(schema);
  if (compiled !== undefined) return compiled;
  const serialize = build(schema as unknown as Schema);
  serializers.set(schema, serialize);
  return serialize;
}

/** Writes an answer as JSON, with the members of its shape only. It compiles the shape with its first value. */
export function serializerFor(schema: TSchema): Serialize {
  return (value) => compileSerializer(schema)(value);
}
