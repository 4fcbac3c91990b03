/** Byte arrays: join, compare, and convert to and from hexadecimal and base64 text. */

type NativeText = {
  fromBase64?: (text: string, options: { lastChunkHandling: 'strict' }) => Uint8Array;
  fromHex?: (text: string) => Uint8Array;
};
const native = Uint8Array as unknown as NativeText;

/** Joins the parts into one new array. */
export function concat(...parts: Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const joined = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

/** Whether two arrays hold the same bytes. Not constant in time: secrets are compared by `sameSecret` of sgp22/crypto. */
export function equal(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Lower-case hexadecimal text. */
export function toHex(bytes: Uint8Array): string {
  const own = (bytes as { toHex?: () => string }).toHex;
  if (own) return own.call(bytes);
  let text = '';
  for (const byte of bytes) text += HEX[byte];
  return text;
}

/** Reads hexadecimal text of either case; throws a SyntaxError for anything else. */
export function fromHex(text: string): Uint8Array {
  if (native.fromHex) return native.fromHex(text);
  if (!/^(?:[0-9a-f]{2})*$/i.test(text)) throw new SyntaxError('not hexadecimal text');
  return Uint8Array.from({ length: text.length / 2 }, (_, i) =>
    Number.parseInt(text.slice(2 * i, 2 * i + 2), 16),
  );
}

/** Standard base64 with padding. */
export function toBase64(bytes: Uint8Array): string {
  const own = (bytes as { toBase64?: () => string }).toBase64;
  if (own) return own.call(bytes);
  let text = '';
  for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return btoa(text);
}

/** Reads standard base64 with padding, white space allowed; throws a SyntaxError for anything else. */
export function fromBase64(text: string): Uint8Array {
  if (native.fromBase64) return native.fromBase64(text, { lastChunkHandling: 'strict' });
  const packed = text.replace(/[\t\n\f\r ]/g, '');
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(packed))
    throw new SyntaxError('not base64 text');
  return Uint8Array.from(atob(packed), (character) => character.charCodeAt(0));
}
