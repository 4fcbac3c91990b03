/** A table as a file for spreadsheets: with a byte order mark, and every value quoted. */
export function toCsv(
  titles: readonly string[],
  rows: readonly (readonly (string | number | undefined)[])[],
): string {
  const line = (cells: readonly (string | number | undefined)[]) => cells.map(quote).join(',');
  return `\uFEFF${[titles, ...rows].map(line).join('\r\n')}\r\n`;
}

/** Spreadsheets run a text that begins like a formula, and shorten long numbers: both stay text. */
function quote(value: string | number | undefined): string {
  const text = String(value ?? '');
  const quoted = `"${text.replaceAll('"', '""')}"`;
  if (/^\d{10,}$/.test(text)) return `"=""${text}"""`;
  return /^[=+\-@\t\r]/.test(text) ? `"'${quoted.slice(1)}` : quoted;
}

/** Gives the reader a file. */
export function saveFile(name: string, content: BlobPart | readonly BlobPart[], type = 'text/csv'): void {
  const parts = Array.isArray(content) ? content : [content as BlobPart];
  const url = URL.createObjectURL(new Blob(parts, { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
