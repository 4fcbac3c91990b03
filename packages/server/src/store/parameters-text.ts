import { fromHex, toHex } from '@esim-rsp/codec';
import { unprintable } from '@esim-rsp/sgp22/crypto/secret';
import type { ProfileParameters } from '@esim-rsp/sgp22/profile/build';

/** Profile parameters as JSON; a byte array reads `{"$hex":"0aff"}`. */
export function parametersToText(parameters: ProfileParameters): string {
  return JSON.stringify(plain(parameters));
}

/** The parameters hold keys, so they have no printable form. */
export function parametersFromText(text: string): ProfileParameters {
  const read = JSON.parse(text, (_name, value) => (isBytes(value) ? fromHex(value.$hex) : value));
  return unprintable('ProfileParameters', read as ProfileParameters);
}

/** A walk instead of a replacer: JSON.stringify would ask Buffers and secrets for their printable form first. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return { $hex: toHex(value) };
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plain(member)]));
}

function isBytes(value: unknown): value is { $hex: string } {
  return typeof value === 'object' && value !== null && '$hex' in value && typeof value.$hex === 'string';
}
