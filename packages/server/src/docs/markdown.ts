import { posix } from 'node:path';
import { Marked, Renderer, type Tokens } from 'marked';
import { html } from '../shapes/html.ts';

export type Heading = { readonly id: string; readonly text: string; readonly depth: number };

/** A document as HTML: its title, what is below it, and its headings of the levels 2 and 3. */
export type Rendered = {
  readonly title: string;
  readonly body: string;
  readonly headings: readonly Heading[];
};

/** The address of a path in the repository on the site; undefined: it is not there. */
export type AddressOf = (path: string) => string | undefined;

/**
 * Renders a document whose links are relative to its path in the repository. HTML in it is text. What the site does not have
 * is shown without a link.
 */
export function renderMarkdown(text: string, path: string, addressOf: AddressOf): Rendered {
  const headings: Heading[] = [];
  let title = '';
  const nextId = uniqueIds();
  const marked = new Marked({
    gfm: true,
    renderer: {
      heading({ tokens, depth }) {
        const inner = this.parser.parseInline(tokens);
        const plain = this.parser.parseInline(tokens, this.parser.textRenderer);
        const id = nextId(plain);
        if (depth === 1) {
          title = decoded(plain);
          return '';
        }
        if (depth <= 3) headings.push({ id, text: decoded(plain), depth });
        return `<h${depth} id="${id}">${inner}</h${depth}>\n`;
      },
      link({ href, tokens }) {
        const inner = this.parser.parseInline(tokens);
        const target = targetOf(href, path, addressOf);
        return target === undefined ? inner : `${html`<a href="${target}">`}${inner}</a>`;
      },
      image({ href, text: alt }) {
        const target = targetOf(href, path, addressOf);
        if (target === undefined) return String(html`${alt}`);
        return String(html`<a href="${target}"><img src="${target}" alt="${alt}"></a>`); // on a phone it is small
      },
      html: ({ text }) => String(html`${text}`),
      code: ({ text }) => String(html`<pre tabindex="0"><code>${text}</code></pre>\n`),
      table(token: Tokens.Table) {
        return `<div class="wide" tabindex="0" role="group" aria-label="Table">${Renderer.prototype.table.call(this, token)}</div>\n`;
      },
    },
  });
  return { body: marked.parse(text, { async: false }), title, headings };
}

/** Where a link of a document leads to: another site, a heading of the same page, or what is at a path of the repository. */
function targetOf(href: string, from: string, addressOf: AddressOf): string | undefined {
  if (/^(?:https?:|#|\/)/.test(href)) return href;
  if (/^[a-z][a-z\d+.-]*:/i.test(href)) return undefined;
  const [path = '', anchor] = href.split('#');
  const address = addressOf(posix.join(posix.dirname(from), path).replace(/\/$/, ''));
  return address !== undefined && anchor !== undefined ? `${address}#${anchor}` : address;
}

/** Ids of headings, as GitHub makes them, so that a link to one works in both places. */
function uniqueIds(): (heading: string) => string {
  const seen = new Map<string, number>();
  return (heading) => {
    const slug = decoded(heading)
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replace(/\s/g, '-');
    const count = seen.get(slug) ?? 0;
    seen.set(slug, count + 1);
    return count === 0 ? slug : `${slug}-${count}`;
  };
}

const signs: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

/** The text that escaped HTML means. */
function decoded(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|#39);/g, (entity, name: string) => signs[name] ?? entity);
}
