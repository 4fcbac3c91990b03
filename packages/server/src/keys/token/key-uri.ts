/** Which token: all that is present must agree. */
export type TokenAttributes = {
  readonly token?: string;
  readonly serial?: string;
  readonly manufacturer?: string;
  readonly model?: string;
};

/** Which object in the token. */
export type ObjectAttributes = {
  /** CKA_LABEL. */
  readonly object?: string;
  /** CKA_ID. */
  readonly id?: Uint8Array;
};

/** What a URI names. */
export type KeyType = 'private' | 'secret-key';

/** A key in a PKCS#11 token (RFC 7512). */
export type KeyUri = TokenAttributes &
  ObjectAttributes & {
    /** Path of the shared library of the token's maker. */
    readonly modulePath: string;
    /** File with the PIN. Absent: that of the settings. */
    readonly pinFile?: string;
  };

/** A URI that cannot be used. The message never has the URI itself, which may contain a PIN. */
export class KeyUriError extends Error {
  override readonly name = 'KeyUriError';
}

const TEXTS = ['token', 'serial', 'manufacturer', 'model', 'object'] as const;
const MAX_LENGTH = 2048;

/** Reads a `pkcs11:` URI. An attribute that would be ignored is an error, so that no other key is used than the one that is meant. */
export function parseKeyUri(text: string, expected: KeyType = 'private'): KeyUri {
  const uri = text.replaceAll(/\s+/g, '');
  if (!uri.startsWith('pkcs11:')) throw new KeyUriError('a URI that starts with pkcs11: is expected');
  if (uri.length > MAX_LENGTH) throw new KeyUriError(`the URI has more than ${MAX_LENGTH} characters`);
  const [path = '', query = '', ...more] = uri.slice('pkcs11:'.length).split('?');
  if (more.length > 0) throw new KeyUriError('the URI has more than one question mark');
  const attributes = new Map([...attributesIn(path, ';'), ...attributesIn(query, '&')]);
  const take = (name: string) => {
    const value = attributes.get(name);
    attributes.delete(name);
    return value;
  };
  if (attributes.has('pin-value'))
    throw new KeyUriError(
      'a PIN does not belong into the URI: put it into a file, and use pin-source=file:… or ESIM_PKCS11_PIN_FILE',
    );
  const texts = TEXTS.flatMap((name) => {
    const value = take(name);
    return value === undefined ? [] : [[name, textOf(name, value)] as const];
  });
  const id = take('id');
  const type = take('type');
  if (type !== undefined && textOf('type', type) !== expected)
    throw new KeyUriError(
      `its type is not ${expected}: a ${expected.replace(/(-key)?$/, ' key')} is expected`,
    );
  const modulePath = take('module-path');
  const pinSource = take('pin-source');
  const [unknown] = attributes.keys();
  if (unknown !== undefined)
    throw new KeyUriError(
      `the attribute ${unknown} is not supported: use ${[...TEXTS, 'id', 'type', 'module-path', 'pin-source'].join(', ')}`,
    );
  if (modulePath === undefined)
    throw new KeyUriError(
      'it has no module-path: add the library of the token, such as ?module-path=/usr/lib/softhsm/libsofthsm2.so',
    );
  const uriOf: KeyUri = {
    ...Object.fromEntries(texts),
    ...(id !== undefined && { id }),
    modulePath: absolute('module-path', textOf('module-path', modulePath)),
    ...(pinSource !== undefined && { pinFile: pinFileOf(textOf('pin-source', pinSource)) }),
  };
  if (uriOf.token === undefined && uriOf.serial === undefined)
    throw new KeyUriError('it names no token: add token=LABEL or serial=NUMBER');
  if (uriOf.object === undefined && uriOf.id === undefined)
    throw new KeyUriError('it names no key: add object=LABEL or id=%01');
  return uriOf;
}

function attributesIn(part: string, separator: ';' | '&'): [string, Uint8Array][] {
  const seen = new Set<string>();
  return part
    .split(separator)
    .filter((each) => each !== '')
    .map((each) => {
      const at = each.indexOf('=');
      if (at < 1) throw new KeyUriError('an attribute has the form name=value');
      const name = each.slice(0, at);
      if (!/^[a-z][a-z-]*$/.test(name)) throw new KeyUriError('the name of an attribute is not usable');
      if (seen.has(name)) throw new KeyUriError(`the attribute ${name} is there twice`);
      seen.add(name);
      return [name, octetsOf(name, each.slice(at + 1))];
    });
}

/** Percent-encoded octets. */
function octetsOf(name: string, value: string): Uint8Array {
  if (/%(?![0-9A-Fa-f]{2})/.test(value))
    throw new KeyUriError(`the value of ${name} has a % without two hexadecimal digits`);
  const latin1 = value.replaceAll(/%([0-9A-Fa-f]{2})/g, (_, hex) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Uint8Array.from(Buffer.from(latin1, 'latin1'));
}

function textOf(name: string, octets: Uint8Array): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(octets);
    if (text !== '' && !text.includes('\0')) return text;
  } catch {
    // said below
  }
  throw new KeyUriError(`the value of ${name} is empty or is not UTF-8`);
}

function absolute(name: string, path: string): string {
  if (path.startsWith('/') || /^[A-Za-z]:[\\/]/.test(path)) return path;
  throw new KeyUriError(`${name} is not an absolute path`);
}

function pinFileOf(source: string): string {
  if (!source.startsWith('file:'))
    throw new KeyUriError('its pin-source is not supported: use pin-source=file:/path/of/the/file');
  return absolute('pin-source', source.slice('file:'.length).replace(/^\/\/(?=\/)/, ''));
}

/** The URI of a key. It never has a PIN. */
export function formatKeyUri({ modulePath, pinFile, id, ...uri }: KeyUri, type: KeyType = 'private'): string {
  const texts = TEXTS.flatMap((name) =>
    uri[name] === undefined ? [] : [`${name}=${encodeText(uri[name])}`],
  );
  const ids = id === undefined ? [] : [`id=${Array.from(id, percent).join('')}`];
  const query = [
    `module-path=${encodeText(modulePath)}`,
    ...(pinFile === undefined ? [] : [`pin-source=file:${encodeText(pinFile)}`]),
  ];
  return `pkcs11:${[...texts, ...ids, `type=${type}`].join(';')}?${query.join('&')}`;
}

function encodeText(text: string): string {
  return encodeURIComponent(text).replaceAll('%2F', '/');
}

function percent(octet: number): string {
  return `%${octet.toString(16).padStart(2, '0').toUpperCase()}`;
}
