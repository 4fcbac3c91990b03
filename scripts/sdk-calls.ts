/**
 * `npm run generate`: writes packages/sdk/src/calls.ts, the SDK's calls with JSON answers, from the operations of the REST API.
 * A call takes the parameters of the path in their order, then the request (body or query) if there is one, then the options.
 */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TSchema } from '@sinclair/typebox';
import type { Answer, Operation } from '../packages/server/src/rest/frame/operation.ts';
import { labOperations } from '../packages/server/src/rest/lab/operations.ts';
import { operations } from '../packages/server/src/rest/operations.ts';
import { nameOf } from '../packages/server/src/shapes/shape.ts';
import { docOf, formatted, typeOf } from './sdk-models.ts';

export const CALLS = join(import.meta.dirname, '../packages/sdk/src/calls.ts');
/** The SDK's base URL ends with it. */
const BASE = '/api/v1/esim';

/** The source text of the calls. */
export function sdkCalls(): string {
  const calls = [...operations, ...labOperations].filter(isJsonCall);
  const types = new Set<string>();
  const signatures = calls.map((call) => signatureOf(call, types));
  const routes = calls.map((call) => `${call.operationId}: '${routeOf(call)}',\n`);
  return formatted(
    CALLS,
    `// Generated from the operations of the REST API: change those, and run \`npm run generate\`.
import type { ApiResponse } from './errors.ts';
import type { RequestOptions } from './http/request.ts';
import type { ${[...types].sort(asBiome).join(', ')} } from './models.ts';
import type { ListPromise } from './paging.ts';

/**
 * Method and path of each call, after the base URL. The arguments are the parameters in braces, then the request if the route
 * ends with ! (required) or ? (optional), then the options.
 */
export const routes = {
${routes.join('')}} as const;

/** The calls of the REST API whose answers are JSON. */
export interface Calls {
${signatures.join('\n')}}
`,
  );
}

/** Whether the answer is one JSON document. Images, imports and health checks are not calls of this kind. */
function isJsonCall({ url, bodyTypes, answers }: Operation): boolean {
  const [, { contentTypes = ['application/json'] }] = successOf(answers);
  return url.startsWith('/api/') && bodyTypes === undefined && contentTypes[0] === 'application/json';
}

function routeOf(call: Operation): string {
  const path = call.url.startsWith(`${BASE}/`)
    ? call.url.slice(BASE.length)
    : call.url.replace('/api/v1/', '/../');
  const request = requestOf(call);
  const mark = request === undefined ? '' : isRequired(call, request) ? '!' : '?';
  return `${call.method} ${path.replace(/:(\w+)/g, (_, name) => `{${camelCase(name)}}`)}${mark}`;
}

function signatureOf(call: Operation, types: Set<string>): string {
  const request = requestOf(call);
  const parameters = Object.entries<TSchema>(call.params?.properties ?? {}).map(
    ([name, { type }]) => `${camelCase(name)}: ${type === 'integer' ? 'number' : 'string'}`,
  );
  if (request !== undefined)
    parameters.push(`request${isRequired(call, request) ? '' : '?'}: ${typeNameOf(request, types)}`);
  parameters.push('options?: RequestOptions');
  return `${docOfCall(call)}${call.operationId}(${parameters.join(', ')}): ${resultOf(call, types)};\n`;
}

function resultOf({ operationId, answers }: Operation, types: Set<string>): string {
  const [, { schema }] = successOf(answers);
  if (schema === undefined) return 'Promise<ApiResponse<undefined>>';
  const type = typeNameOf(schema, types);
  const item = /^list|History$/.test(operationId) ? itemOf(schema) : undefined;
  if (item === undefined) return `Promise<ApiResponse<${type}>>`;
  return `ListPromise<${type}, ${typeNameOf(item, types)}>`;
}

/** The items of a list: the one member that is an array of objects. */
function itemOf(schema: TSchema): TSchema | undefined {
  const items = Object.values<TSchema>(schema.properties ?? {}).flatMap(({ type, items }) =>
    type === 'array' && items.type === 'object' ? [items] : [],
  );
  return items.length === 1 ? items[0] : undefined;
}

function docOfCall({ summary, answers }: Operation): string {
  const [, { description }] = successOf(answers);
  const refusals = Object.entries(answers).flatMap(([status, { code }]) =>
    code === undefined ? [] : [`${code} (${status})`],
  );
  const throws = refusals.length === 0 ? [] : [`@throws \`ApiError\`: ${refusals.join(', ')}`];
  return docOf([summary, `@returns ${description}`, ...throws]);
}

function successOf(answers: Operation['answers']): [string, Answer] {
  const found = Object.entries(answers).find(([status]) => status.startsWith('2'));
  if (found === undefined) throw new Error('An operation has no answer for success.');
  return found;
}

function requestOf({ body, query }: Operation): TSchema | undefined {
  return body ?? query;
}

/** A PATCH without a request changes nothing; otherwise the request is optional where all its members are. */
function isRequired({ method }: Operation, request: TSchema): boolean {
  return method === 'PATCH' || request.anyOf !== undefined || (request.required ?? []).length > 0;
}

function typeNameOf(shape: TSchema, types: Set<string>): string {
  const name = nameOf(shape)?.name;
  if (name !== undefined) types.add(name);
  return typeOf(shape, () => {});
}

function camelCase(name: string): string {
  return name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}

if (import.meta.main) writeFileSync(CALLS, sdkCalls());

/** The order of names in which Biome sorts imports: letters before their case. */
function asBiome(one: string, other: string): number {
  const [a, b] = [one.toLowerCase(), other.toLowerCase()];
  return a < b ? -1 : a > b ? 1 : 0;
}
