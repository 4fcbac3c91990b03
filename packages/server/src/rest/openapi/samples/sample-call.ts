import type { TSchema } from '@sinclair/typebox';
import type { Operation } from '../../frame/operation.ts';
import { exampleOf } from '../openapi-examples.ts';

/** A call of an operation with the values of its examples, as the samples of all languages show it. */
export type SampleCall = {
  readonly operationId: string;
  readonly method: Operation['method'];
  /** With the query, after the address of the server. */
  readonly target: string;
  /** Whether it needs a key. */
  readonly needsKey: boolean;
  /** The values of the parameters in the path, in their order. */
  readonly inPath: readonly (string | number)[];
  /** The parameters of the query that must be sent; undefined: none. */
  readonly query: Readonly<Record<string, unknown>> | undefined;
  /** The value of a JSON body. */
  readonly json?: unknown;
  /** The file that is sent as the body, and its media type. */
  readonly file?: { readonly name: string; readonly type: string };
  /** What an answer with status 2xx has. */
  readonly answer: 'json' | 'nothing' | 'text' | 'image';
};

/** The file that a sample of an import sends, and the one into which a sample writes an image. */
const IMPORT_FILE = 'profiles.csv';
export const IMAGE_FILE = 'code.png';

export function sampleCall(operation: Operation): SampleCall {
  const { operationId, method, url, open, params, query, body, bodyTypes } = operation;
  const values = examplesOf(params);
  const needed = requiredExamples(query);
  const path = url.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(values[name])));
  const search = new URLSearchParams(Object.entries(needed).map(([name, value]) => [name, String(value)]));
  const [type = ''] = bodyTypes ?? [];
  return {
    operationId,
    method,
    target: search.size === 0 ? path : `${path}?${search}`,
    needsKey: open !== true,
    inPath: Object.values(values) as (string | number)[],
    query: search.size === 0 ? undefined : needed,
    ...(body !== undefined && { json: exampleOf(body) ?? {} }),
    ...(bodyTypes !== undefined && { file: { name: IMPORT_FILE, type } }),
    answer: answerOf(operation),
  };
}

function answerOf({ answers }: Operation): SampleCall['answer'] {
  const [, answer] = Object.entries(answers).find(([status]) => status.startsWith('2')) ?? [];
  const [type = answer?.schema && 'application/json'] = answer?.contentTypes ?? [];
  if (type === undefined) return 'nothing';
  if (type.startsWith('image/')) return 'image';
  return type === 'application/json' ? 'json' : 'text';
}

/** An example of each parameter; one without an example is its name in capitals. */
function examplesOf(shape: TSchema | undefined): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries<TSchema>(shape?.properties ?? {}).map(([name, member]) => [
      name,
      exampleOf(member) ?? name.toUpperCase(),
    ]),
  );
}

function requiredExamples(query: TSchema | undefined): Record<string, unknown> {
  const required: readonly string[] = query?.required ?? [];
  return Object.fromEntries(Object.entries(examplesOf(query)).filter(([name]) => required.includes(name)));
}
