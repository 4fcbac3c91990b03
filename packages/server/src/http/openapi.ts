import type { TSchema } from '@sinclair/typebox';
import type { Operation } from './operation.ts';
import { Problem } from './schemas.ts';

type Json = Readonly<Record<string, unknown>>;

/** The OpenAPI 3.1 document of the operations, from the same shapes that validate. */
export function openApiDocument(operations: readonly Operation[], version: string): Json {
  const named = new Map<string, unknown>();
  const schemaOf = ({ $id, ...shape }: TSchema): Json => {
    const written = withReferences(shape, schemaOf) as Json;
    if ($id === undefined) return written;
    named.set($id, written);
    return { $ref: `#/components/schemas/${$id}` };
  };
  const paths: Record<string, Record<string, Json>> = {};
  for (const operation of operations) {
    const path = operation.url.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [operation.method.toLowerCase()]: pathItem(operation, schemaOf) };
  }
  schemaOf(Problem);
  return {
    openapi: '3.1.0',
    info: {
      title: 'esim-rsp',
      version,
      description: 'The eSIM RSP REST API',
      license: { name: 'Apache-2.0' },
    },
    paths,
    components: {
      schemas: Object.fromEntries(named),
      securitySchemes: {
        ApiUserId: { type: 'apiKey', in: 'header', name: 'x-user-id' },
        ApiKeyAuth: { type: 'apiKey', in: 'header', name: 'x-api-key' },
      },
    },
  };
}

/** A copy in which the named shapes inside are references. */
function withReferences(part: unknown, schemaOf: (schema: TSchema) => Json): unknown {
  if (typeof part !== 'object' || part === null) return part;
  if (Array.isArray(part)) return part.map((item) => withReferences(item, schemaOf));
  if ('$id' in part) return schemaOf(part as unknown as TSchema);
  return Object.fromEntries(
    Object.entries(part).map(([name, value]) => [name, withReferences(value, schemaOf)]),
  );
}

function pathItem(operation: Operation, schemaOf: (schema: TSchema) => Json): Json {
  const { operationId, summary, params, query, body, answers, open } = operation;
  const errors = open ? {} : { 401: { description: 'Invalid or missing API key' } };
  const all = { ...errors, ...answers, 500: { description: 'A bug; the log has it under the request id' } };
  return {
    operationId,
    summary,
    security: open ? [] : [{ ApiUserId: [], ApiKeyAuth: [] }],
    parameters: [...parametersIn('path', params), ...parametersIn('query', query)],
    ...(body !== undefined && {
      requestBody: { required: true, content: { 'application/json': { schema: schemaOf(body) } } },
    }),
    responses: Object.fromEntries(
      Object.entries(all).map(([status, answer]) => [status, responseOf(Number(status), answer, schemaOf)]),
    ),
  };
}

function parametersIn(place: 'path' | 'query', schema: TSchema | undefined): Json[] {
  const properties: Record<string, TSchema> = schema?.properties ?? {};
  const required: readonly string[] = schema?.required ?? [];
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: required.includes(name),
    schema: property,
  }));
}

function responseOf(
  status: number,
  { description, schema, contentTypes = ['application/json'] }: Operation['answers'][number],
  schemaOf: (schema: TSchema) => Json,
): Json {
  if (status >= 400)
    return { description, content: { 'application/problem+json': { schema: schemaOf(Problem) } } };
  const media = schema === undefined ? {} : { schema: schemaOf(schema) };
  return { description, content: Object.fromEntries(contentTypes.map((type) => [type, media])) };
}
