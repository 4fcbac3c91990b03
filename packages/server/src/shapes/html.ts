/** Text that is safe in a page. */
export class Html {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }
}

type Part = Html | string | number | false | undefined;

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A template in which everything put in is escaped, unless it is Html already; what is absent leaves no trace. */
export function html(texts: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(texts.reduce((text, next, i) => `${text}${escapeHtml(parts[i - 1])}${next}`));
}

/** Text of our own that must not be escaped, such as a style sheet. */
html.trusted = (text: string): Html => new Html(text);

export function joined(parts: readonly Html[]): Html {
  return new Html(parts.join(''));
}

/** A part as text of a page: escaped, unless it is Html already. */
export function escapeHtml(part: Part): string {
  if (part === false || part === undefined) return '';
  const text = String(part);
  return part instanceof Html || !/[&<>"']/.test(text)
    ? text
    : text.replace(/[&<>"']/g, (sign) => entities[sign] ?? '');
}
