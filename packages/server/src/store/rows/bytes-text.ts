import { fromHex, toHex } from '@esim-rsp/codec';

/** A record as JSON; a byte array in it reads `{"$hex":"0aff"}`. */
export function bytesToText(record: object): string {
  return JSON.stringify(plain(record));
}

export function bytesFromText(text: string): unknown {
  return JSON.parse(text, (_name, value) => (isBytes(value) ? fromHex(value.$hex) : value));
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
