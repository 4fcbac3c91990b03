import { DerError, formatTag, parseTag, readOne, type Tlv, tlv } from './tlv.ts';

/**
 * A message type as a value: it decodes, it encodes, and `Infer` gives its TypeScript type.
 * `tags` are the identifier octets that a TLV of this type may start with (more than one for a CHOICE).
 */
export interface Type<T> {
  readonly tags: readonly number[];
  /** The structure of the type. Types that differ only in their tag share one shape. */
  readonly shape: Shape;
  /** Reads a TLV whose tag is one of `tags`. */
  read(tlv: Tlv): T;
  /** Writes the whole TLV. */
  write(value: T): Uint8Array;
  /** The same type under another tag: IMPLICIT, or an explicit wrapper around a CHOICE (X.680 31.2.7). */
  as(tag: string): Type<T>;
}

/** The structure of a type, for code that displays messages field by field. Reading and writing do not use it. */
export type Shape =
  | { readonly kind: 'value' }
  | { readonly kind: 'raw' }
  | { readonly kind: 'sequence'; readonly fields: readonly Part[] }
  | { readonly kind: 'choice'; readonly alternatives: readonly Part[] }
  | { readonly kind: 'sequenceOf' | 'explicit'; readonly member: Type<unknown> };

export type Part = { readonly name: string; readonly type: Type<unknown>; readonly mandatory: boolean };

export type Infer<T> = T extends Type<infer V> ? V : never;

/** Decodes bytes that hold exactly one value of the type; throws DerError with the path of the field at fault. */
export function decode<T>(type: Type<T>, bytes: Uint8Array): T {
  const found = readOne(bytes);
  mustMatch(type, found);
  return type.read(found);
}

/** Encodes a value in DER. */
export function encode<T>(type: Type<T>, value: T): Uint8Array {
  return type.write(value);
}

export function mustMatch(type: Type<unknown>, found: Tlv): void {
  if (!type.tags.includes(found.tag))
    throw new DerError(
      `tag ${formatTag(found.tag)} found, expected ${type.tags.map(formatTag).join(' or ')}`,
    );
}

/** Creates a type with one tag from functions that read and write its content. */
export function tagged<T>(
  tag: number,
  read: (tlv: Tlv) => T,
  content: (value: T) => Uint8Array[],
  shape: Shape = { kind: 'value' },
): Type<T> {
  return {
    tags: [tag],
    shape,
    read,
    write: (value) => tlv(tag, ...content(value)),
    as: (other) => {
      const retagged = parseTag(other);
      if (isConstructedTag(tag) !== isConstructedTag(retagged))
        throw new Error(`'${other}' changes whether ${formatTag(tag)} is constructed`);
      return tagged(retagged, read, content, shape);
    },
  };
}

function isConstructedTag(tag: number): boolean {
  const first = tag > 0xffff ? tag >>> 16 : tag > 0xff ? tag >>> 8 : tag;
  return (first & 0x20) !== 0;
}

/** The same TLV with a different value, such as hexadecimal text instead of octets. `from` may throw a DerError. */
export function transform<T, U>(type: Type<T>, from: (value: T) => U, to: (value: U) => T): Type<U> {
  return {
    tags: type.tags,
    shape: type.shape,
    read: (found) => from(type.read(found)),
    write: (value) => type.write(to(value)),
    as: (tag) => transform(type.as(tag), from, to),
  };
}

/** An explicit wrapper: `tag` around one value of `type`. */
export function explicit<T>(tag: string, type: Type<T>): Type<T> {
  return tagged(
    parseTag(tag),
    (outer) => {
      const [inner, ...rest] = outer.children();
      if (inner === undefined || rest.length > 0)
        throw new DerError(`${tag} contains ${inner ? 'more than' : 'less than'} one value`);
      mustMatch(type, inner);
      return type.read(inner);
    },
    (value) => [type.write(value)],
    { kind: 'explicit', member: type },
  );
}

/** A value with the bytes that it was decoded from or encoded to. Signatures cover `bytes`. */
export type Der<T> = { readonly value: T; readonly bytes: Uint8Array };

/** A type whose values are `Der`: the value and its received bytes. Writing returns these bytes unchanged. */
export function withBytes<T>(type: Type<T>): Type<Der<T>> {
  return {
    tags: type.tags,
    shape: type.shape,
    read: (found) => ({ value: type.read(found), bytes: found.bytes }),
    write: (der) => der.bytes,
    as: (tag) => withBytes(type.as(tag)),
  };
}

/** Decodes one value and returns it with its bytes. Throws a DerError. */
export function decodeWithBytes<T>(type: Type<T>, bytes: Uint8Array): Der<T> {
  return { value: decode(type, bytes), bytes };
}

/** Encodes a value and returns it with its bytes. */
export function encodeWithBytes<T>(type: Type<T>, value: T): Der<T> {
  return { value, bytes: type.write(value) };
}
