import { escapeText, harmfulIn } from '@esim-rsp/sgp22/value/text';
import type { TSchema } from '@sinclair/typebox';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { decodedMembers, formOf, membersOfLines } from '../../shapes/shape.ts';
import { FIRST_YEAR, isTime, LAST_YEAR } from '../../shapes/time.ts';
import { nearestTo } from './nearest.ts';
import { HttpProblem, type ProblemField } from './problem.ts';

/** Query and path parameters arrive as text and are converted; a body must have the right types by itself. */
const options = { removeAdditional: false, allowUnionTypes: true, verbose: true } as const;
const converting = new Ajv({ ...options, coerceTypes: true });
const exact = new Ajv({ ...options, coerceTypes: false });

/** What a text must be in words, in the place where Ajv reports it. */
const FORM = 'x-form';

for (const ajv of [converting, exact]) ajv.addFormat('date-time', isTime).addKeyword(FORM);

export type Part = 'params' | 'querystring' | 'body' | 'headers';

/** The checks that are compiled, by shape: the applications of a process share them. */
const checks = new Map([converting, exact].map((ajv) => [ajv, new WeakMap<TSchema, ValidateFunction>()]));

/** Compiles a shape, once in a process. */
export function compileCheck(schema: TSchema, part: Part): ValidateFunction {
  const ajv = part === 'body' ? exact : converting;
  const compiled = checks.get(ajv)?.get(schema);
  if (compiled !== undefined) return compiled;
  const check = ajv.compile(nameless(schema) as TSchema);
  checks.get(ajv)?.set(schema, check);
  return check;
}

/**
 * A check that answers 400 with the member at fault, in words. It compiles the shape with its first value: the shapes
 * of all operations together would be most of the time that a start takes.
 */
export function validatorFor(schema: TSchema, part: Part): (value: unknown) => true {
  const exceptions = { decoded: decodedMembers(schema), ofLines: membersOfLines(schema) };
  return (value) => {
    const check = compileCheck(schema, part);
    const errors = check(value)
      ? textErrors(value, exceptions)
      : (check.errors ?? []).slice(0, 5).map(fieldOf);
    if (errors.length === 0) return true;
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
  const form = formOf(part);
  const words = form === undefined ? {} : { [FORM]: form };
  return { ...Object.fromEntries(members.map(([name, value]) => [name, nameless(value)])), ...words };
}

function fieldOf({ instancePath, message, keyword, params, parentSchema }: ErrorObject): ProblemField {
  const member = escapeText(memberOf(keyword, params));
  const field = `${instancePath}${member && `/${member}`}`;
  const words =
    keyword === 'required'
      ? 'is missing'
      : keyword === 'additionalProperties'
        ? notKnown(member, Object.keys(parentSchema?.properties ?? {}))
        : wordsOf(keyword, { params, form: parentSchema?.[FORM] }, message ?? 'is not valid');
  return { field: fieldName(field), message: words };
}

/** The member that an error is about, if it is not the value itself. */
function memberOf(keyword: string, params: Record<string, unknown>): string {
  if (keyword === 'required') return String(params.missingProperty);
  return keyword === 'additionalProperties' ? String(params.additionalProperty).slice(0, 64) : '';
}

function notKnown(member: string, known: readonly string[]): string {
  const nearest = nearestTo(member, known);
  if (nearest === undefined) return 'is not known: nothing is taken here';
  return `is not known; the nearest that is known is ${nearest}`;
}

function fieldName(path: string): string {
  return path === '' ? 'the body' : path.replace(/^\/(\w+)$/, '$1');
}

/** What is wrong, in plain words: never a regular expression, and never the value. */
function wordsOf(
  keyword: string,
  {
    params,
    form = 'written in another way',
  }: { readonly params: ErrorObject['params']; readonly form?: string },
  message: string,
): string {
  const { limit } = params as { readonly limit?: number };
  switch (keyword) {
    case 'format':
      return `must be a time such as 2030-01-31T18:00:00Z, from ${FIRST_YEAR} to ${LAST_YEAR}`;
    case 'enum':
      return `must be one of ${(params as { readonly allowedValues: unknown[] }).allowedValues.join(', ')}`;
    case 'pattern':
      return `must be ${form}`;
    case 'minLength':
      return `must have at least ${limit} ${limit === 1 ? 'character' : 'characters'}`;
    case 'maxLength':
      return `must have at most ${limit} characters`;
    default:
      return message;
  }
}

/** Members of an object whose texts may have characters that others may not have: all of them, or the ends of lines and tabs. */
type Exceptions = { readonly decoded: ReadonlySet<string>; readonly ofLines: ReadonlySet<string> };

const NONE: Exceptions = { decoded: new Set(), ofLines: new Set() };
const LINE_ENDS = /\r\n|[\n\t]/g;

/** The texts in a value that have characters which no input may have, except where they may. */
function textErrors(
  value: unknown,
  { decoded, ofLines }: Exceptions,
  path = '',
  hasLines = false,
): ProblemField[] {
  if (typeof value === 'string') {
    const character = harmfulIn(hasLines ? value.replace(LINE_ENDS, ' ') : value);
    if (character === undefined) return [];
    return [{ field: fieldName(path), message: `has the character ${character}, which is not allowed` }];
  }
  if (typeof value !== 'object' || value === null) return [];
  const errors: ProblemField[] = [];
  for (const name in value)
    if (!decoded.has(name))
      errors.push(
        ...textErrors((value as Record<string, unknown>)[name], NONE, `${path}/${name}`, ofLines.has(name)),
      );
  return errors;
}
