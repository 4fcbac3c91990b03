/** Fields of one record: no spreadsheet of profiles has more columns. */
export const MOST_FIELDS = 1000;

/**
 * The fields of a record, one more than MOST_FIELDS at most; undefined: its quotes are wrong. Spaces around a field are no part of it,
 * and neither is what spreadsheets write around text that looks like a number: `="001"` and a leading apostrophe.
 */
export function fieldsOf(text: string, delimiter: string): string[] | undefined {
  if (!text.includes('"')) return text.split(delimiter, MOST_FIELDS + 1).map(plainText);
  const fields: string[] = [];
  for (let at = 0; ; ) {
    const begin = afterSpaces(text, at);
    const quote = text[begin] === '=' && text[begin + 1] === '"' ? begin + 1 : begin;
    const quoted = text[quote] === '"' ? quotedAt(text, quote) : undefined;
    if (text[quote] === '"' && quoted === undefined) return undefined;
    const end = quoted ? afterSpaces(text, quoted.end) : endOf(text, at, delimiter);
    const field = quoted?.field ?? text.slice(at, end);
    if (quoted === undefined && field.includes('"')) return undefined;
    fields.push(plainText(field));
    if (end === text.length || fields.length > MOST_FIELDS) return fields;
    if (!text.startsWith(delimiter, end)) return undefined;
    at = end + 1;
  }
}

function afterSpaces(text: string, from: number): number {
  let at = from;
  while (text[at] === ' ') at += 1;
  return at;
}

function endOf(text: string, from: number, delimiter: string): number {
  const end = text.indexOf(delimiter, from);
  return end < 0 ? text.length : end;
}

/** A field in quotes; those inside it are doubled. */
function quotedAt(text: string, start: number): { readonly field: string; readonly end: number } | undefined {
  let end = text.indexOf('"', start + 1);
  while (end >= 0 && text[end + 1] === '"') end = text.indexOf('"', end + 2);
  return end < 0 ? undefined : { field: text.slice(start + 1, end).replaceAll('""', '"'), end: end + 1 };
}

/** Invisible characters: marks of direction and width that come along when text is copied. */
const invisible = /[\u200b-\u200f\u202a-\u202e\u2060\ufeff]/g;

function plainText(field: string): string {
  const text = field.replace(invisible, '').trim();
  if (text.length > 2 && text.startsWith('="') && text.endsWith('"'))
    return text.slice(2, -1).replaceAll('""', '"').trim();
  return /^'['\d=+@\-＝＋－＠]/.test(text) ? text.slice(1).trim() : text;
}
