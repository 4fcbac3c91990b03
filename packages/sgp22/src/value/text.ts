import { ValueError } from './value-error.ts';

/**
 * Characters that change what surrounds them where a text is shown: control characters, line and paragraph separators, and
 * bidirectional embeddings, overrides and isolates (Unicode Standard Annex 9). And halves of surrogate pairs, which are not
 * characters, so that every encoder changes them in its own way. Marks that scripts from right to left need (U+200E, U+200F,
 * U+061C) are not among them.
 */
const HARMFUL = /[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;
/** Without a match a text is printable ASCII, as most are, among them long packages in base64. Takes half of the time of HARMFUL. */
const UNUSUAL = /[^ -~]/;
const EACH_HARMFUL = new RegExp(HARMFUL.source, 'gu');
/** The first harmful character of a text, as `U+202E`; undefined: it has none. */
export function harmfulIn(text: string): string | undefined {
  if (!UNUSUAL.test(text)) return undefined;
  const [character] = HARMFUL.exec(text) ?? [];
  return character && `U+${hexOf(character).toUpperCase().padStart(4, '0')}`;
}

/** Throws a ValueError for a text with a harmful character. `field`: its name in the error. */
export function mustBeHarmless(text: string, field?: string): void {
  const character = harmfulIn(text);
  if (character === undefined) return;
  throw new ValueError(`has the character ${character}, which is not allowed`, {
    ...(field !== undefined && { field }),
  });
}

/** The text with its harmful characters written as `\u{202e}`: for what was stored before they were refused. */
export function escapeText(text: string): string {
  return text.replace(EACH_HARMFUL, (character) => `\\u{${hexOf(character)}}`);
}

/** The text with a question mark for each: where the number of octets is limited. */
export function replaceHarmful(text: string): string {
  return text.replace(EACH_HARMFUL, '?');
}

/** JSON with each written as JSON's own `\u202e`, so that a reader gets the text as it was stored. */
export function escapeJson(json: string): string {
  return json.replace(EACH_HARMFUL, (character) =>
    character === '\n' ? character : `\\u${hexOf(character).padStart(4, '0')}`,
  );
}

function hexOf(character: string): string {
  return (character.codePointAt(0) as number).toString(16);
}
