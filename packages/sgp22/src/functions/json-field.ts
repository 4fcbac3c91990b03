import { fromBase64, toBase64 } from '@esim-rsp/codec';
import { ValueError } from '../value/value-error.ts';
import { type JsonField, type JsonMessage, type MessageOf, readMessage, writeMessage } from './binding.ts';

/** Members of messages that exist in JSON only (SGP.22 6.5.2): those of ES2+. */

type Mandatory<T> = JsonField<T> & { readonly mandatory: true };

/** Text with a form of its own; `parse` throws a ValueError. */
export function parsedField<T extends string>(holds: string, parse: (text: string) => T): Mandatory<T> {
  return {
    description: holds,
    mandatory: true,
    read: (text: string) => parse(text),
    write: (value) => value,
  };
}

/** Plain text of 1 to `max` characters. */
export function textField(max: number, holds: string): Mandatory<string> {
  return parsedField(`${holds}, 1 to ${max} characters`, (text) => {
    if (text.length < 1 || text.length > max) throw new ValueError(`1 to ${max} characters are expected`);
    return text;
  });
}

/** One of some words. */
export function enumField<W extends string>(holds: string, words: readonly W[]): Mandatory<W> {
  return parsedField(`${holds}: ${words.join(' or ')}`, (text) => {
    const word = words.find((each) => each === text);
    if (word === undefined) throw new ValueError(`${words.join(' or ')} is expected`);
    return word;
  });
}

export function booleanField(holds: string): Mandatory<boolean> {
  return {
    description: holds,
    mandatory: true,
    json: 'boolean',
    read: (value: boolean) => value,
    write: (value) => value,
  };
}

/** A whole number from `min` to `max`. */
export function integerField(min: number, max: number, holds: string): Mandatory<number> {
  return {
    description: `${holds}, ${min} to ${max}`,
    mandatory: true,
    json: 'number',
    read: (value: number) => {
      if (!Number.isInteger(value) || value < min || value > max)
        throw new ValueError(`a whole number from ${min} to ${max} is expected`);
      return value;
    },
    write: (value) => value,
  };
}

/** Octets in base64. */
export function base64Field(holds: string): Mandatory<Uint8Array> {
  return {
    description: `base64 of ${holds}`,
    mandatory: true,
    read: (text: string) => fromBase64(text),
    write: toBase64,
  };
}

/** An object with members of its own. */
export function objectField<M extends JsonMessage>(holds: string, message: M): Mandatory<MessageOf<M>> {
  return {
    description: holds,
    mandatory: true,
    json: 'object',
    read: (member) => readMessage(message, member),
    write: (value) => writeMessage(message, value),
  };
}

/** The same member where it may be left out. */
export function optionalField<T>(field: Mandatory<T>): JsonField<T> & { readonly mandatory: false } {
  return { ...field, mandatory: false };
}
