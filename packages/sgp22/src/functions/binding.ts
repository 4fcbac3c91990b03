import { type Der, DerError, fromBase64, keep, type Type, toBase64 } from '@esim-rsp/codec';
import { parseTransactionId, type TransactionId } from '../value/transaction-id.ts';
import { ValueError } from '../value/value-error.ts';

/** The JSON binding of ES9+ (SGP.22 6.5): each member is text, and a Field says what the text holds. */
export interface Field<T> {
  /** What the member holds, in words for documentation and errors. */
  readonly holds: string;
  readonly mandatory: boolean;
  /** Reads the text; throws ValueError, DerError or SyntaxError when it is not what it should be. */
  read(text: string): T;
  write(value: T): string;
}

export interface OptionalField<T> extends Field<T> {
  readonly mandatory: false;
}

export type Message = { readonly [name: string]: Field<unknown> };

/** The value of a message: wire names as keys. */
export type MessageOf<M extends Message> = {
  readonly [K in keyof M as M[K] extends OptionalField<unknown> ? never : K]: M[K] extends Field<infer T>
    ? T
    : never;
} & {
  readonly [K in keyof M as M[K] extends OptionalField<unknown> ? K : never]?: M[K] extends Field<infer T>
    ? T
    : never;
};

/** A request body that could not be read: a mandatory member is missing, or one is not what it should be. */
export class BindingError extends Error {
  override readonly name = 'BindingError';
  readonly member: string;
  readonly missing: boolean;

  constructor(member: string, missing: boolean, reason: string) {
    super(missing ? `${member} is missing` : `${member} cannot be read: ${reason}`);
    this.member = member;
    this.missing = missing;
  }
}

/** Base64 of one DER value; its bytes are kept. */
export function base64Der<T>(type: Type<T>, holds: string): Field<Der<T>> {
  return {
    holds: `base64 of ${holds} in DER`,
    mandatory: true,
    read: (text) => keep(type, fromBase64(text)),
    write: (der) => toBase64(der.bytes),
  };
}

/** Base64 of octets without tag and length. */
export function base64Octets(length: number): Field<Uint8Array> {
  return {
    holds: `base64 of ${length} octets`,
    mandatory: true,
    read: (text) => {
      const octets = fromBase64(text);
      if (octets.length !== length) throw new ValueError(`${octets.length} octets where ${length} belong`);
      return octets;
    },
    write: toBase64,
  };
}

/** Plain text of at most `max` characters. */
export function text(max: number, holds: string): Field<string> {
  return {
    holds,
    mandatory: true,
    read: (value) => {
      if (value.length > max) throw new ValueError(`more than ${max} characters`);
      return value;
    },
    write: (value) => value,
  };
}

export const transactionIdField: Field<TransactionId> = {
  holds: 'the transactionId as hex',
  mandatory: true,
  read: parseTransactionId,
  write: (value) => value,
};

/** Reads the members of a message; unknown members are passed over. Throws BindingError. */
export function readMessage<M extends Message>(message: M, body: unknown): MessageOf<M> {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new BindingError('the body', false, 'it is not a JSON object');
  const given = body as Record<string, unknown>;
  const value: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(message)) {
    const member = Object.hasOwn(given, name) ? given[name] : undefined;
    if (member === undefined || member === null) {
      if (field.mandatory) throw new BindingError(name, true, '');
      continue;
    }
    value[name] = readMember(name, field, member);
  }
  return value as MessageOf<M>;
}

function readMember(name: string, field: Field<unknown>, member: unknown): unknown {
  if (typeof member !== 'string')
    throw new BindingError(name, false, `it is not text (${field.holds} is expected)`);
  try {
    return field.read(member);
  } catch (error) {
    if (error instanceof ValueError || error instanceof DerError)
      throw new BindingError(name, false, error.message);
    if (error instanceof SyntaxError) throw new BindingError(name, false, `${field.holds} is expected`);
    throw error;
  }
}

/** Writes a message as the members of a JSON object. */
export function writeMessage<M extends Message>(message: M, value: MessageOf<M>): Record<string, string> {
  const body: Record<string, string> = {};
  for (const [name, field] of Object.entries(message)) {
    const member = (value as Record<string, unknown>)[name];
    if (member !== undefined) body[name] = field.write(member);
  }
  return body;
}
