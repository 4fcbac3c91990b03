import type { TSchema } from '@sinclair/typebox';
import { aboutOf } from '../../shapes/shape.ts';
import { describeNeeded } from '../../store/ports/permissions.ts';
import type { Answer, Operation } from '../frame/operation.ts';
import { Problem } from '../frame/problem.ts';
import { codeOf, exampleOf, problemExample } from './openapi-examples.ts';
import { documentedWebhooks } from './openapi-webhooks.ts';
import { codeSamples } from './samples/code-samples.ts';
import { sectionOf } from './section.ts';

export type Json = Readonly<Record<string, unknown>>;
type SchemaOf = (schema: TSchema) => Json;

/** The OpenAPI 3.1 document of the operations, from the same shapes that validate. */
export function openApiDocument(operations: readonly Operation[], version: string): Json {
  const named = new Map<string, unknown>();
  const schemaOf = (schema: TSchema): Json => {
    const { $id, ...shape } = schema;
    const written = withReferences(shape, schemaOf) as Json;
    if ($id === undefined) return written;
    named.set($id, written);
    const description = aboutOf(schema);
    return { $ref: `#/components/schemas/${$id}`, ...(description !== undefined && { description }) };
  };
  const paths: Record<string, Record<string, Json>> = {};
  for (const operation of operations) {
    const path = pathOf(operation);
    paths[path] = { ...paths[path], [operation.method.toLowerCase()]: pathItem(operation, schemaOf) };
  }
  schemaOf(Problem);
  const webhooks = documentedWebhooks(schemaOf);
  return {
    openapi: '3.1.0',
    info: {
      title: 'esim-rsp',
      version,
      description: INTRODUCTION,
      contact: { name: 'esim-rsp' },
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: [{ name: TAG, description: 'The operations of the eSIM RSP API' }],
    paths,
    webhooks,
    components: {
      schemas: Object.fromEntries(named),
      securitySchemes: {
        ApiUserId: { type: 'apiKey', in: 'header', name: 'x-user-id', description: 'The account' },
        ApiKeyAuth: { type: 'apiKey', in: 'header', name: 'x-api-key', description: 'A key of the account' },
        SessionCookie: {
          type: 'apiKey',
          in: 'cookie',
          name: 'esim_session',
          description:
            'Of a browser that has signed in (createSession); by TLS the name begins with __Host-. Changes must come from a page of the server',
        },
      },
    },
  };
}

/** The page at /docs shows it first, with the address of the server. */
const INTRODUCTION = `The eSIM RSP REST API: eSIM profiles, their orders and QR codes, and what happens to them.

A call that needs a key has two headers, \`x-user-id\` and \`x-api-key\`. The samples read both, and the address of the server, from the environment:

\`\`\`sh
export ESIM_URL=http://127.0.0.1:8080 ESIM_USER_ID=your-user-id ESIM_API_KEY=your-api-key
\`\`\`

An error is JSON with a message for people and a \`code\` for programs. [Each code, and what to do](/docs/guide/errors). [All guides](/docs/guide).`;

/** Generators name the class of the operations by it: `ESIMRSPApi`. */
const TAG = 'ESIMRSP';

function pathOf({ url }: Operation): string {
  return url.replace(/:(\w+)/g, '{$1}');
}

/** A copy in which the named shapes inside are references. */
function withReferences(part: unknown, schemaOf: SchemaOf): unknown {
  if (typeof part !== 'object' || part === null) return part;
  if (Array.isArray(part)) return part.map((item) => withReferences(item, schemaOf));
  if ('$id' in part) return schemaOf(part as unknown as TSchema);
  return Object.fromEntries(
    Object.entries(part).map(([name, value]) => [name, withReferences(value, schemaOf)]),
  );
}

const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description:
    'A text that is unique for this request. When the request is sent again with it, the server does the work once and repeats the answer. If the server stopped before it kept the answer, it answers from what was saved, or with `answer_lost`',
  schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,255}$' },
  example: 'f81d4fae-7dec-11d0-a765-00a0c91e6bf6',
} as const;

const PREFER = {
  name: 'Prefer',
  in: 'header',
  required: false,
  description:
    'wait=N: if the profile is at an upstream, the answer comes after N seconds at the latest (RFC 7240), with status 202 if the upstream has not answered. Without it, 10; at most 60',
  schema: { type: 'string', maxLength: 255 },
  example: 'wait=5',
} as const;

function pathItem(operation: Operation, schemaOf: SchemaOf): Json {
  const { operationId, method, summary, permissions, params, query, body, bodyTypes, open, waits } =
    operation;
  const instance = pathOf(operation);
  return {
    operationId,
    tags: [TAG],
    summary,
    description: [permissionsSentence(operation), ...errorsPart(operation)].join('\n\n'),
    ...(!open && {
      'x-permissions': 'oneOf' in permissions ? { one_of: permissions.oneOf } : { all_of: permissions },
    }),
    'x-section': sectionOf(operation.url),
    'x-codeSamples': codeSamples(operation),
    security: open ? [] : [{ ApiUserId: [], ApiKeyAuth: [] }, { SessionCookie: [] }],
    parameters: [
      ...parametersIn('path', params, schemaOf),
      ...parametersIn('query', query, schemaOf),
      ...(method === 'POST' && !open && bodyTypes === undefined ? [IDEMPOTENCY_KEY] : []),
      ...(waits ? [PREFER] : []),
    ],
    ...(body !== undefined && {
      requestBody: { required: true, content: { 'application/json': withExample(body, schemaOf) } },
    }),
    ...(bodyTypes !== undefined && {
      requestBody: {
        required: true,
        content: Object.fromEntries(bodyTypes.map((type) => [type, mediaOf('binary')])),
      },
    }),
    responses: Object.fromEntries(
      Object.entries(documentedAnswers(operation)).map(([status, answer]) => [
        status,
        responseOf(Number(status), answer, instance, schemaOf),
      ]),
    ),
  };
}

function permissionsSentence({ open, permissions }: Operation): string {
  return open ? 'No key is needed.' : `The key needs the permission ${describeNeeded(permissions)}.`;
}

/** The refusals of an operation with their codes, as Markdown. */
function errorsPart({ answers }: Operation): string[] {
  const refusals = Object.entries(answers).filter(([status]) => Number(status) >= 400);
  if (refusals.length === 0) return [];
  const lines = refusals.map(([status, answer]) => {
    const code = codeOf(Number(status), answer);
    return `* ${status} [\`${code}\`](/docs/guide/errors#${code}): ${answer.description}`;
  });
  return [`Refusals:\n\n${lines.join('\n')}`];
}

/** All answers of an operation: those that it lists, and those that come before its own code runs. */
export function documentedAnswers(operation: Operation): Operation['answers'] {
  const { method, open, permissions, params, bodyTypes, answers } = operation;
  const isRestricted = 'oneOf' in permissions || permissions.length > 0;
  const takesBody = ['POST', 'PUT', 'PATCH'].includes(method);
  return {
    400: { description: 'A parameter or the body is not valid, or not known' },
    ...(!open && { 401: { description: 'Invalid or missing API key' } }),
    ...(isRestricted && {
      403: { description: `The key lacks the permission ${describeNeeded(permissions)}` },
    }),
    ...(!open && { 429: { description: 'The key or the address calls too often' } }),
    ...(method === 'POST' &&
      !open &&
      !bodyTypes && { 422: { description: 'The Idempotency-Key was sent with another request' } }),
    ...(takesBody && {
      ...(!bodyTypes && { 413: { description: 'The body is larger than this operation takes' } }),
      415: { description: `The body is not sent as ${(bodyTypes ?? ['application/json']).join(', ')}` },
    }),
    ...(params && { 414: { description: 'A part of the path is too long' } }),
    ...answers,
    500: { description: 'A bug: the log of the server has it with the request id' },
  };
}

function parametersIn(place: 'path' | 'query', schema: TSchema | undefined, schemaOf: SchemaOf): Json[] {
  const required: readonly string[] = schema?.required ?? [];
  return Object.entries<TSchema>(schema?.properties ?? {}).map(([name, property]) => {
    const example = exampleOf(property);
    return {
      name,
      in: place,
      required: required.includes(name),
      ...(property.description !== undefined && { description: property.description }),
      schema: schemaOf(property),
      ...(example !== undefined && { example }),
    };
  });
}

const REQUEST_ID = {
  'x-request-id': { description: 'The id of the request, as sent or generated', schema: { type: 'string' } },
};
const RETRY_AFTER = {
  'retry-after': { description: 'Seconds to wait', schema: { type: 'integer', minimum: 0 } },
};

function responseOf(status: number, answer: Answer, instance: string, schemaOf: SchemaOf): Json {
  const { description, schema, contentTypes = ['application/json'] } = answer;
  if (status >= 400)
    return {
      description,
      headers: { ...REQUEST_ID, ...((status === 429 || status === 503) && RETRY_AFTER) },
      content: {
        'application/problem+json': {
          schema: schemaOf(Problem),
          example: problemExample(status, answer, instance),
        },
      },
    };
  const ofType = (type: string) =>
    isJson(type) ? schema && withExample(schema, schemaOf, answer.example) : mediaOf(type);
  const content = contentTypes.map((type) => [type, ofType(type) ?? {}]);
  const chosen = chosenPart(answer);
  const isEmpty = status === 204 || (schema === undefined && answer.contentTypes === undefined);
  return {
    description: `${description}${chosen}`,
    headers: REQUEST_ID,
    ...(!isEmpty && { content: Object.fromEntries(content) }),
  };
}

/** The media types that a request can choose instead, in words. */
function chosenPart({ chosenTypes = [], schema }: Answer): string {
  if (chosenTypes.length === 0) return '';
  const members = Object.keys(schema?.properties ?? {}).join(', ');
  const types = chosenTypes.map((type) => (isJson(type) ? `${type} (with ${members})` : type));
  return `; as ${types.join(' or ')} where the request chooses it`;
}

function isJson(type: string): boolean {
  return /[/+]json$/.test(type);
}

function mediaOf(type: string): Json {
  const isText = /^text\/|[+-](?:xml|ndjson)$/.test(type);
  return { schema: isText ? { type: 'string' } : { type: 'string', format: 'binary' } };
}

function withExample(schema: TSchema, schemaOf: SchemaOf, example = exampleOf(schema)): Json {
  return { schema: schemaOf(schema), ...(example !== undefined && { example }) };
}
