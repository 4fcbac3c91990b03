import type { TSchema } from '@sinclair/typebox';
import type { Answer } from '../frame/operation.ts';
import { HttpProblem, problemBody } from '../frame/problem.ts';
import type { ProblemCode } from '../frame/problem-code.ts';

/**
 * An example of a shape: its own, or one of the examples of its members. A pattern needs an example of its
 * own. An optional member without one is left out; undefined: there is none at all.
 */
export function exampleOf(schema: TSchema): unknown {
  const [example] = (schema.examples as unknown[] | undefined) ?? [];
  if (example !== undefined) return example;
  if (schema.const !== undefined) return schema.const;
  if (schema.default !== undefined) return schema.default;
  if (Array.isArray(schema.enum)) return schema.enum[0];
  const [choice] = (schema.anyOf ?? schema.oneOf ?? []) as TSchema[];
  if (choice !== undefined) return exampleOf(choice);
  switch (schema.type) {
    case 'object':
      return objectExample(schema);
    case 'array':
      return [exampleOf(schema.items)].filter((item) => item !== undefined);
    case 'string':
      return schema.pattern === undefined ? text(schema) : undefined;
    case 'integer':
    case 'number':
      return schema.minimum ?? 1;
    case 'boolean':
      return true;
    default:
      return undefined;
  }
}

function objectExample({ properties = {}, required = [] }: TSchema): unknown {
  const members: Record<string, unknown> = {};
  for (const [name, member] of Object.entries<TSchema>(properties)) {
    const value = exampleOf(member);
    if (value !== undefined) members[name] = value;
    else if (required.includes(name)) return undefined;
  }
  return members;
}

function text({ minLength = 0, maxLength = Number.POSITIVE_INFINITY }: TSchema): string {
  return 'text'.padEnd(minLength, 't').slice(0, maxLength);
}

/** Words for programs of refusals that many operations share. */
const codes: Readonly<Record<number, ProblemCode>> = {
  400: 'validation_failed',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'no_such_path',
  409: 'refused',
  413: 'payload_too_large',
  414: 'bad_request',
  415: 'unsupported_media_type',
  422: 'idempotency_key_reused',
  429: 'rate_limited',
  500: 'internal_error',
  503: 'busy',
};

/** The word for programs that the documentation shows for an error answer. */
export function codeOf(status: number, { code }: Pick<Answer, 'code'>): ProblemCode {
  return code ?? codes[status] ?? 'bad_request';
}

/** The body of an error answer, as the server writes it. */
export function problemExample(status: number, answer: Answer, instance: string) {
  const problem = new HttpProblem(status, codeOf(status, answer), answer.description);
  return problemBody(problem, instance, '3f1c9a52-8a1e-4d0e-9a57-0c7b1f0f6a11');
}
