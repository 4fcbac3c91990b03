import type { TSchema } from '@sinclair/typebox';
import { Ajv, type ErrorObject } from 'ajv';
import { isTime } from '../../shapes/time.ts';
import { HttpProblem, type ProblemField } from './problem.ts';

/** Query and path parameters arrive as text and are converted; a body must have the right types by itself. */
const converting = new Ajv({ coerceTypes: true, removeAdditional: false, allowUnionTypes: true });
const exact = new Ajv({ coerceTypes: false, removeAdditional: false, allowUnionTypes: true });

for (const ajv of [converting, exact]) ajv.addFormat('date-time', isTime);

export type Part = 'params' | 'querystring' | 'body' | 'headers';

/** Compiles a shape to a check that answers 400 with the member at fault, in words. */
export function validatorFor(schema: TSchema, part: Part): (value: unknown) => true {
  const check = (part === 'body' ? exact : converting).compile(nameless(schema) as TSchema);
  return (value) => {
    if (check(value)) return true;
    const errors = fieldsOf(check.errors ?? [], value);
    const sentence = errors.map(({ field, message }) => `${field} ${message}`).join('; ');
    const invalidIccid = part === 'params' && errors.some(({ field }) => field === 'iccid');
    throw new HttpProblem(
      400,
      invalidIccid ? 'invalid_iccid' : 'validation_failed',
      invalidIccid ? 'Invalid ICCID format: 19 or 20 decimal digits are expected' : sentence,
      errors,
    );
  };
}

/** The shape without the names that documentation gives to parts: Ajv takes one that comes twice for a clash. */
function nameless(part: unknown): unknown {
  if (typeof part !== 'object' || part === null) return part;
  if (Array.isArray(part)) return part.map(nameless);
  const members = Object.entries(part).filter(([name, value]) => name !== '$id' || typeof value !== 'string');
  return Object.fromEntries(members.map(([name, value]) => [name, nameless(value)]));
}

/** What is wrong with which member. Of a union, only the errors of the alternative that the body means. */
function fieldsOf(errors: readonly ErrorObject[], value: unknown): ProblemField[] {
  if (!errors.some(({ keyword }) => keyword === 'anyOf')) return errors.slice(0, 5).map(fieldOf);
  const members = Object.keys(typeof value === 'object' && value !== null ? value : {});
  const meant = members.includes('parameters') ? 1 : 0;
  const own = errors.filter(({ schemaPath }) => schemaPath.startsWith(`#/anyOf/${meant}/`));
  const wanting = !members.includes('parameters') && !members.includes('profile_package');
  if (wanting || own.length === 0)
    return [{ field: 'the body', message: 'must have either profile_package or parameters' }];
  return own.slice(0, 5).map(fieldOf);
}

function fieldOf({ instancePath, message = 'is not valid', keyword, params }: ErrorObject): ProblemField {
  const member =
    keyword === 'required'
      ? `/${params.missingProperty}`
      : keyword === 'additionalProperties'
        ? `/${params.additionalProperty}`
        : '';
  const field = `${instancePath}${member}`;
  const text =
    keyword === 'required'
      ? 'is missing'
      : keyword === 'additionalProperties'
        ? 'is not known'
        : words(message, params);
  return { field: field === '' ? 'the body' : field.replace(/^\/(\w+)$/, '$1'), message: text };
}

function words(message: string, params: Record<string, unknown>): string {
  if (params.format === 'date-time') return 'must be a time such as 2030-01-31T18:00:00Z';
  const allowed = params.allowedValues;
  return Array.isArray(allowed) ? `must be one of ${allowed.join(', ')}` : message;
}
