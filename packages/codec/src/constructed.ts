import { concat } from './bytes.ts';
import { DerError, formatTag, type Tlv } from './tlv.ts';
import { explicit, type Infer, mustMatch, type Shape, type Type, tagged } from './type.ts';

export type Optional<T> = { readonly optional: Type<T> };
export type Defaulted<T> = { readonly defaulted: Type<T>; readonly value: T };

/** A field that may be absent. */
export function optional<T>(type: Type<T>): Optional<T> {
  return { optional: type };
}

/** A field with a DEFAULT. The default value is not written (DER), but accepted when read. */
export function withDefault<T>(type: Type<T>, value: T): Defaulted<T> {
  return { defaulted: type, value };
}

type Field = Type<unknown> | Optional<unknown> | Defaulted<unknown>;
type Fields = { readonly [name: string]: Field };
type Flat<T> = { [K in keyof T]: T[K] };

/** Unknown TLVs of a SEQUENCE (extensions of a later version), kept as received and written again at the end. */
export const extensions: unique symbol = Symbol('extensions');

export type SequenceOf<F extends Fields> = Flat<
  {
    readonly [K in keyof F as F[K] extends Optional<unknown> ? never : K]: F[K] extends Defaulted<infer V>
      ? V
      : Infer<F[K]>;
  } & {
    readonly [K in keyof F as F[K] extends Optional<unknown> ? K : never]?: F[K] extends Optional<infer V>
      ? V
      : never;
  }
> & { readonly [extensions]?: readonly Uint8Array[] };

type Entry = { readonly name: string; readonly type: Type<unknown>; readonly field: Field };

function entryOf([name, field]: [string, Field]): Entry {
  const type = 'optional' in field ? field.optional : 'defaulted' in field ? field.defaulted : field;
  return { name, type, field };
}

/**
 * SEQUENCE with EXTENSIBILITY IMPLIED: fields have a fixed order. Unknown TLVs between and after them are
 * skipped, and kept under `extensions`. Throws a DerError for a field that is missing, repeated or out of order.
 */
export function sequence<F extends Fields>(fields: F): Type<SequenceOf<F>> {
  const entries = Object.entries(fields).map(entryOf);
  const known = new Set(entries.flatMap(({ type }) => type.tags));

  const read = (found: Tlv): SequenceOf<F> => {
    const value: Record<string | symbol, unknown> = {};
    const unknown: Uint8Array[] = [];
    let next = 0;
    for (let child = found.firstChild(); child !== undefined; child = found.childAfter(child)) {
      if (!known.has(child.tag)) {
        unknown.push(child.bytes);
        continue;
      }
      for (; ; next++) {
        const entry = entries[next];
        if (entry === undefined)
          throw new DerError(`tag ${formatTag(child.tag)} is repeated or out of order`);
        if (entry.type.tags.includes(child.tag)) break;
        readAbsent(entry, value);
      }
      const { name, type } = entries[next++] as Entry;
      value[name] = readField(name, type, child);
    }
    for (; next < entries.length; next++) readAbsent(entries[next] as Entry, value);
    if (unknown.length > 0) value[extensions] = unknown;
    return value as SequenceOf<F>;
  };

  const content = (value: SequenceOf<F>): Uint8Array[] => {
    const members = value as Record<string, unknown>;
    const parts: Uint8Array[] = [];
    for (const { name, field, type } of entries) {
      const member = members[name];
      if (member === undefined || ('defaulted' in field && field.value === member)) continue;
      parts.push(type.write(member));
    }
    return [...parts, ...(value[extensions] ?? [])];
  };

  const parts = entries.map(({ name, type, field }) => ({
    name,
    type,
    mandatory: !('optional' in field || 'defaulted' in field),
  }));
  return tagged(0x30, read, content, { kind: 'sequence', fields: parts });
}

function readAbsent({ name, field }: Entry, value: Record<string | symbol, unknown>): void {
  if ('optional' in field) return;
  if (!('defaulted' in field)) throw new DerError('is missing', [name]);
  value[name] = field.value;
}

function readField(name: string, type: Type<unknown>, child: Tlv): unknown {
  try {
    return type.read(child);
  } catch (error) {
    throw error instanceof DerError ? error.within(name) : error;
  }
}

type Alternatives = { readonly [name: string]: Type<unknown> };

/** The value of a CHOICE: an object with exactly one member, whose name is that of the alternative. */
export type ChoiceOf<A extends Alternatives> = {
  [K in keyof A]: { readonly [N in K]: Infer<A[K]> };
}[keyof A];

/** CHOICE; `.as(tag)` puts an explicit wrapper around it. */
export function choice<A extends Alternatives>(alternatives: A): Type<ChoiceOf<A>> {
  const entries = Object.entries(alternatives);
  const type: Type<ChoiceOf<A>> = {
    tags: entries.flatMap(([, alternative]) => alternative.tags),
    shape: {
      kind: 'choice',
      alternatives: entries.map(([name, alternative]) => ({ name, type: alternative, mandatory: false })),
    },
    read: (found) => {
      const entry = entries.find(([, alternative]) => alternative.tags.includes(found.tag));
      if (entry === undefined) throw new DerError(`tag ${formatTag(found.tag)} is none of the alternatives`);
      const [name, alternative] = entry;
      return { [name]: readField(name, alternative, found) } as ChoiceOf<A>;
    },
    write: (value) => {
      const [name, member] = Object.entries(value)[0] as [string, unknown];
      return (alternatives[name] as Type<unknown>).write(member);
    },
    as: (tag) => explicit(tag, type),
  };
  return type;
}

/** SEQUENCE OF, at most `max` members. */
export function sequenceOf<T>(type: Type<T>, max = 1000): Type<readonly T[]> {
  return tagged(
    0x30,
    (found) => {
      const children = found.children();
      if (children.length > max) throw new DerError(`${children.length} members, expected at most ${max}`);
      return children.map((child) => {
        mustMatch(type, child);
        return type.read(child);
      });
    },
    (values) => values.map((value) => type.write(value)),
    { kind: 'sequenceOf', member: type },
  );
}

const RAW: Shape = { kind: 'raw' };

/** The whole TLV, unread. Without `tags` it accepts any tag: use that only where the position identifies the field. */
export function raw(...tags: number[]): Type<Uint8Array> {
  return {
    tags,
    shape: RAW,
    read: (found) => found.bytes,
    write: (value) => value,
    as: (tag) => {
      throw new Error(`raw bytes have their own tag; '${tag}' cannot replace it`);
    },
  };
}

/** The content octets of a TLV with this tag, unread. */
export function rawContent(tag: number): Type<Uint8Array> {
  return tagged(
    tag,
    (found) => found.content,
    (value) => [concat(value)],
    RAW,
  );
}
