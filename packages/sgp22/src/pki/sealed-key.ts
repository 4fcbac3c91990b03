import { fromBase64, toBase64 } from '@esim-rsp/codec';

/** A private key that was sealed, and its public key (SubjectPublicKeyInfo). What sealed it is no matter of this file. */
export type SealedKey = { readonly spki: Uint8Array; readonly sealed: Uint8Array };

const PUBLIC = 'PUBLIC KEY';
const SEALED = 'ESIM SEALED PRIVATE KEY';
const PLAIN = /-----BEGIN (?:EC )?PRIVATE KEY-----[^-]+-----END (?:EC )?PRIVATE KEY-----\r?\n?/g;
const BASE64 = '([A-Za-z0-9+/=\\s]+)';
const PAIR = new RegExp(`${block(PUBLIC, BASE64)}\\s*${block(SEALED, BASE64)}\\r?\\n?`, 'g');

function block(label: string, content: string): string {
  return `-----BEGIN ${label}-----${content}-----END ${label}-----`;
}

/** A sealed private key in PEM: its public key, which other programs can read, and a block of our own. */
export function formatSealedKey({ spki, sealed }: SealedKey): string {
  const lines = (bytes: Uint8Array) => `\n${(toBase64(bytes).match(/.{1,64}/g) ?? []).join('\n')}\n`;
  return `${block(PUBLIC, lines(spki))}\n${block(SEALED, lines(sealed))}\n`;
}

/** The sealed keys of a file. Throws a RangeError for one without its public key. */
export function sealedKeysIn(content: Uint8Array): readonly SealedKey[] {
  const text = textOf(content);
  const found = [...text.matchAll(PAIR)].map(([, spki = '', sealed = '']) => ({
    spki: fromBase64(spki),
    sealed: fromBase64(sealed),
  }));
  if (text.split(`-----BEGIN ${SEALED}-----`).length - 1 !== found.length)
    throw new RangeError('a sealed private key is not complete');
  return found;
}

/** The plain private keys of a PEM file, each with its own BEGIN and END. */
export function plainKeysIn(content: Uint8Array): readonly string[] {
  return (textOf(content).match(PLAIN) ?? []).map((pem) => pem.trimEnd());
}

/** Replaces each plain key of a file; everything else stays as it is. */
export function replacePlainKeys(
  content: Uint8Array,
  replace: (pem: string) => Promise<string>,
): Promise<Uint8Array> {
  return replaceEach(content, PLAIN, ([pem]) => replace(pem.trimEnd()));
}

/** Replaces each sealed key of a file; everything else stays as it is. */
export async function replaceSealedKeys(
  content: Uint8Array,
  replace: (key: SealedKey) => Promise<string>,
): Promise<Uint8Array> {
  if (sealedKeysIn(content).length === 0) return content;
  return replaceEach(content, PAIR, ([, spki = '', sealed = '']) =>
    replace({ spki: fromBase64(spki), sealed: fromBase64(sealed) }),
  );
}

async function replaceEach(
  content: Uint8Array,
  pattern: RegExp,
  replace: (match: RegExpExecArray) => Promise<string>,
): Promise<Uint8Array> {
  const text = textOf(content);
  let [result, end] = ['', 0];
  for (const match of text.matchAll(pattern)) {
    result += text.slice(end, match.index) + (await replace(match));
    end = match.index + match[0].length;
  }
  return end === 0 ? content : new TextEncoder().encode(result + text.slice(end));
}

/** DER has no keys in PEM. */
function textOf(content: Uint8Array): string {
  return content[0] === 0x30 ? '' : new TextDecoder().decode(content);
}
