import {
  type Der,
  DerError,
  decodeWithBytes,
  encodeWithBytes,
  fromBase64,
  fromHex,
  octetString,
  type Type,
  toBase64,
  transform,
  utf8String,
  withBytes,
} from '@esim-rsp/codec';
import { TransactionId as TransactionIdType } from '../asn1/common.ts';
import { harmfulIn, mustBeHarmless } from '../value/text.ts';
import { parseTransactionId, type TransactionId, transactionIdFromBytes } from '../value/transaction-id.ts';
import { ValueError } from '../value/value-error.ts';

/** One member of a message in JSON (SGP.22 6.5). */
export interface JsonField<T> {
  /** The content of the member, for documentation and error messages. */
  readonly description: string;
  readonly mandatory: boolean;
  /** The JSON type of the member. Default: string. */
  readonly json?: 'boolean' | 'number' | 'object';
  /** Reads the member; throws ValueError, DerError, SyntaxError or BindingError. */
  read(member: unknown): T;
  write(value: T): unknown;
}

/** One member of a message of ES9+, in both bindings: text in JSON, a TLV in ASN.1 (6.6). */
export interface Field<T> extends JsonField<T> {
  read(text: string): T;
  write(value: T): string;
  readonly asn1: Type<T>;
}

export type JsonMessage = { readonly [name: string]: JsonField<unknown> };
export type Message = { readonly [name: string]: Field<unknown> };

type Optional = { readonly mandatory: false };
type ValueOf<F> = F extends { read(member: never): infer T } ? T : never;

/** The value of a message: wire names as keys. */
export type MessageOf<M extends JsonMessage> = {
  readonly [K in keyof M as M[K] extends Optional ? never : K]: ValueOf<M[K]>;
} & {
  readonly [K in keyof M as M[K] extends Optional ? K : never]?: ValueOf<M[K]>;
};

/** The name of the message itself in errors. */
const WHOLE = 'the body';

/** A body that cannot be read: a mandatory member is missing or a member has a wrong value. */
export class BindingError extends Error {
  override readonly name = 'BindingError';
  readonly member: string;
  readonly missing: boolean;
  readonly #reason: string;

  constructor(member: string, missing: boolean, reason: string) {
    super(missing ? `${member} is missing` : `${member} cannot be read: ${reason}`);
    this.member = member;
    this.missing = missing;
    this.#reason = reason;
  }

  /** The same error for a member inside `outer`. */
  within(outer: string): BindingError {
    const member = this.member === WHOLE ? outer : `${outer}.${this.member}`;
    return new BindingError(member, this.missing, this.#reason);
  }
}

/**
 * A field with base64 of one DER value, whose bytes are kept. `tag`: its tag in the ASN.1 binding, if it differs. The signed
 * part is inside the value and keeps its bytes in both bindings.
 */
export function base64Der<T>(type: Type<T>, holds: string, tag?: string): Field<Der<T>> {
  return {
    description: `base64 of ${holds} in DER`,
    mandatory: true,
    read: (text) => decodeWithBytes(type, fromBase64(text)),
    write: (der) => toBase64(der.bytes),
    asn1:
      tag === undefined
        ? withBytes(type)
        : transform(
            type.as(tag),
            (value) => encodeWithBytes(type, value),
            ({ value }) => value,
          ),
  };
}

/** A field with base64 of octets without tag and length. `tag`: the tag in the ASN.1 binding. */
export function base64Octets(length: number, tag: string): Field<Uint8Array> {
  return {
    description: `base64 of ${length} octets`,
    mandatory: true,
    read: (text) => {
      const octets = fromBase64(text);
      if (octets.length !== length) throw new ValueError(`${octets.length} octets, expected ${length}`);
      return octets;
    },
    write: toBase64,
    asn1: octetString(length).as(tag),
  };
}

/** A field with text of at most `max` characters. `tag`: the tag in the ASN.1 binding. */
export function textField(max: number, holds: string, tag: string): Field<string> {
  return {
    description: holds,
    mandatory: true,
    read: (value) => {
      if (value.length > max) throw new ValueError(`more than ${max} characters`);
      mustBeHarmless(value);
      return value;
    },
    write: (value) => value,
    asn1: transform(utf8String(max).as(tag), harmlessInDer, (value) => value),
  };
}

/** The same text; throws a DerError for one with a harmful character. */
function harmlessInDer(text: string): string {
  const character = harmfulIn(text);
  if (character !== undefined)
    throw new DerError(`a text has the character ${character}, which is not allowed`);
  return text;
}

export const transactionIdField: Field<TransactionId> = {
  description: 'the transactionId as hex',
  mandatory: true,
  read: parseTransactionId,
  write: (value) => value,
  asn1: transform(TransactionIdType.as('80'), transactionIdFromBytes, fromHex),
};

/** Reads the members of a message; unknown members are ignored. Throws a BindingError. */
export function readMessage<M extends JsonMessage>(message: M, body: unknown): MessageOf<M> {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new BindingError(WHOLE, false, 'it is not a JSON object');
  const members = body as Record<string, unknown>;
  const value: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(message)) {
    const member = Object.hasOwn(members, name) ? members[name] : undefined;
    if (member === undefined || member === null) {
      if (field.mandatory) throw new BindingError(name, true, '');
      continue;
    }
    value[name] = readMember(name, field, member);
  }
  return value as MessageOf<M>;
}

function readMember(name: string, field: JsonField<unknown>, member: unknown): unknown {
  const { json = 'string' } = field;
  const kind: string = typeof member;
  if (kind !== json)
    throw new BindingError(name, false, `it is not ${kinds[json]} (expected ${field.description})`);
  try {
    return field.read(member);
  } catch (error) {
    if (error instanceof BindingError) throw error.within(name);
    if (error instanceof ValueError || error instanceof DerError)
      throw new BindingError(name, false, error.message);
    if (error instanceof SyntaxError) throw new BindingError(name, false, `expected ${field.description}`);
    throw error;
  }
}

const kinds = { string: 'text', boolean: 'true or false', number: 'a number', object: 'an object' } as const;

/** Writes a message as the members of a JSON object. */
export function writeMessage<M extends Message>(message: M, value: MessageOf<M>): Record<string, string>;
export function writeMessage<M extends JsonMessage>(message: M, value: MessageOf<M>): Record<string, unknown>;
export function writeMessage(message: JsonMessage, value: object): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(message)) {
    const member = (value as Record<string, unknown>)[name];
    if (member !== undefined) body[name] = field.write(member);
  }
  return body;
}
