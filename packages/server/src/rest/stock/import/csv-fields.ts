/** Fields of one record: no spreadsheet of profiles has more columns. */
export const MOST_FIELDS = 1000;

/** The fields of a record, one more than MOST_FIELDS at most; undefined: its quotes are wrong. */
export function fieldsOf(text: string, delimiter: string): string[] | undefined {
  if (!text.includes('"')) return text.split(delimiter, MOST_FIELDS + 1);
  const fields: string[] = [];
  for (let at = 0; ; ) {
    const quoted = text[at] === '"' ? quotedAt(text, at) : undefined;
    if (text[at] === '"' && quoted === undefined) return undefined;
    const end = quoted?.end ?? endOf(text, at, delimiter);
    const field = quoted?.field ?? text.slice(at, end);
    if (quoted === undefined && field.includes('"')) return undefined;
    fields.push(field);
    if (end === text.length || fields.length > MOST_FIELDS) return fields;
    if (!text.startsWith(delimiter, end)) return undefined;
    at = end + 1;
  }
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
