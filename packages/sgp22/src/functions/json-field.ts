import { fromBase64, toBase64 } from '@esim-rsp/codec';
import { mustBeHarmless } from '../value/text.ts';
import { ValueError } from '../value/value-error.ts';
import { type JsonField, type JsonMessage, type MessageOf, readMessage, writeMessage } from './binding.ts';

/** Members of messages that exist in JSON only (SGP.22 6.5.2): those of ES2+. */

type Mandatory<T> = JsonField<T> & { readonly mandatory: true };

/** Text that `parse` reads; it throws a ValueError for a wrong form. */
export function parsedField<T extends string>(description: string, parse: (text: string) => T): Mandatory<T> {
  return {
    description,
    mandatory: true,
    read: (text: string) => parse(text),
    write: (value) => value,
  };
}

/** Plain text of 1 to `max` characters. */
export function textField(max: number, description: string): Mandatory<string> {
  return parsedField(`${description}, 1 to ${max} characters`, (text) => {
    if (text.length < 1 || text.length > max) throw new ValueError(`expected 1 to ${max} characters`);
    mustBeHarmless(text);
    return text;
  });
}

/** One of several fixed texts. */
export function enumField<W extends string>(description: string, words: readonly W[]): Mandatory<W> {
  return parsedField(`${description}: ${words.join(' or ')}`, (text) => {
    const word = words.find((each) => each === text);
    if (word === undefined) throw new ValueError(`expected ${words.join(' or ')}`);
    return word;
  });
}

export function booleanField(description: string): Mandatory<boolean> {
  return {
    description,
    mandatory: true,
    json: 'boolean',
    read: (value: boolean) => value,
    write: (value) => value,
  };
}

/** A whole number from `min` to `max`. */
export function integerField(min: number, max: number, description: string): Mandatory<number> {
  return {
    description: `${description}, ${min} to ${max}`,
    mandatory: true,
    json: 'number',
    read: (value: number) => {
      if (!Number.isInteger(value) || value < min || value > max)
        throw new ValueError(`expected a whole number from ${min} to ${max}`);
      return value;
    },
    write: (value) => value,
  };
}

/** Octets in base64. */
export function base64Field(description: string): Mandatory<Uint8Array> {
  return {
    description: `base64 of ${description}`,
    mandatory: true,
    read: (text: string) => fromBase64(text),
    write: toBase64,
  };
}

/** A JSON object with these members. */
export function objectField<M extends JsonMessage>(description: string, message: M): Mandatory<MessageOf<M>> {
  return {
    description,
    mandatory: true,
    json: 'object',
    read: (member) => readMessage(message, member),
    write: (value) => writeMessage(message, value),
  };
}

/** The same member as an optional one. */
export function optionalField<T>(field: Mandatory<T>): JsonField<T> & { readonly mandatory: false } {
  return { ...field, mandatory: false };
}
