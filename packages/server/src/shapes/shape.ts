import { type TSchema, type TString, Type } from '@sinclair/typebox';

/**
 * What the SDK's models need of a shape beyond JSON Schema. The keys are symbols, so that validation, serialisation and
 * OpenAPI do not see them. A shape with an `$id` has that name in OpenAPI and in the SDK.
 */
const TYPE = Symbol('type');
const BASES = Symbol('bases');
const ABOUT = Symbol('about');
const FORM = Symbol('form');
const DECODED = Symbol('decoded');
const LINES = Symbol('lines');

type Named = { readonly name: string; readonly about: string | undefined };
type Extras = {
  [TYPE]?: Named;
  [BASES]?: readonly TSchema[];
  [ABOUT]?: string;
  [FORM]?: string;
  [DECODED]?: true;
  [LINES]?: true;
};

/** Names a shape in the SDK that OpenAPI writes in place: values, queries and members that several shapes have. */
export function named<S extends TSchema>(name: string, shape: S): S {
  return { ...shape, [TYPE]: { name, about: shape.description } };
}

export function nameOf(shape: TSchema): Named | undefined {
  if (shape.$id !== undefined) return { name: shape.$id, about: shape.description };
  return (shape as Extras)[TYPE];
}

/** An option of an object whose members begin with those of other objects, which the SDK's interface extends. */
export function extending(...bases: readonly TSchema[]): object {
  return { [BASES]: bases };
}

export function basesOf(shape: TSchema): readonly TSchema[] {
  return (shape as Extras)[BASES] ?? [];
}

/** The shape as one member has it: what is said here is of the member, and not of every use of the shape. */
export function about<S extends TSchema>(description: string, shape: S): S {
  return shape.$id === undefined ? { ...shape, description } : { ...shape, [ABOUT]: description };
}

export function aboutOf(shape: TSchema): string | undefined {
  return (shape as Extras)[ABOUT] ?? (shape.$id === undefined ? shape.description : undefined);
}

/** An option of a text that has a pattern: what it must be, in words. An error says these, and not the pattern. */
export function inWords(form: string): object {
  return { [FORM]: form };
}

export function formOf(shape: object): string | undefined {
  return (shape as Extras)[FORM];
}

/** An option of a text that its reader decodes, refusing any character but those of the encoding: nothing else need look for them. */
export const decodedByReader: object = { [DECODED]: true };

/** The names of these members of an object. */
export function decodedMembers(schema: TSchema): ReadonlySet<string> {
  return membersWith(DECODED, schema);
}

/** An option of a text of several lines, with tabs: other texts have one line. */
export const severalLines: object = { [LINES]: true };

/** The names of these members of an object. */
export function membersOfLines(schema: TSchema): ReadonlySet<string> {
  return membersWith(LINES, schema);
}

function membersWith(
  option: typeof DECODED | typeof LINES,
  { properties = {} }: TSchema,
): ReadonlySet<string> {
  return new Set(Object.keys(properties).filter((name) => (properties[name] as Extras)[option]));
}

/** Objects of requests: a member that is not known is refused. */
export const closed = { additionalProperties: false } as const;

/** A text that is one of these values. */
export function literals<const T extends readonly string[]>(values: T, description?: string) {
  return Type.Unsafe<T[number]>({ type: 'string', enum: [...values], ...(description && { description }) });
}

/** A value of a text's shape, or null. */
export function orNull(text: TString) {
  return Type.Unsafe<string | null>({ ...text, type: ['string', 'null'] });
}

/** The size of a page. */
export const Count = Type.Integer({
  minimum: 1,
  maximum: 1000,
  default: 100,
  description: 'How many items the answer has at most',
});
