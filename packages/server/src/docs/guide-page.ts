import { type Html, html, joined } from '../shapes/html.ts';
import { groups } from './contents.ts';
import { frame } from './frame.ts';
import type { Heading } from './markdown.ts';
import { allPages, GUIDES, type Page, renderPage, summaryOf } from './site.ts';

/** A guide, with the list of all guides and that of its headings. It has no script. */
export function guidePage(page: Page, styles: readonly string[]): string {
  const { title, body, headings } = renderPage(page);
  const list = headings.length > 1 ? contentsOf(headings) : undefined;
  const content = html`<div class="columns">
<main id="content"><h1>${title}</h1>
${list && html`<details class="toc narrow"><summary>On this page</summary>${list}</details>`}
${html.trusted(body)}
${neighbours(page)}</main>
${list && html`<nav class="toc" aria-labelledby="toc-title"><h2 id="toc-title">On this page</h2>${list}</nav>`}
${navigation(page)}</div>`;
  return frame({ title: `${title} – esim-rsp`, styles }, 'guides', content);
}

/** The page that lists all guides. */
export function guideIndex(styles: readonly string[]): string {
  const sections = groups.map(
    ({ title, pages }) => html`<section><h2>${title}</h2>
<dl>${joined(pages.map((page) => html`<dt>${linkTo(page)}</dt><dd>${summaryOf(page)}</dd>\n`))}</dl></section>`,
  );
  const content = html`<div class="columns">
<main id="content"><h1>Guides</h1>
<p>How to use and operate an esim-rsp server. The <a href="/docs">API reference</a> has every operation; for programs it is
<a href="/openapi.json">OpenAPI 3.1</a> and <a href="/openapi-3.0.json">OpenAPI 3.0</a>.</p>
${joined(sections)}</main>
${navigation()}</div>`;
  return frame({ title: 'Guides – esim-rsp', styles }, 'guides', content);
}

function linkTo({ name, label }: Page, current?: Page): Html {
  return html`<a href="${GUIDES}/${name}"${name === current?.name && html` aria-current="page"`}>${label}</a>`;
}

function navigation(current?: Page): Html {
  const lists = groups.map(
    ({ title, pages }) => html`<h2>${title}</h2>
<ul>${joined(pages.map((page) => html`<li>${linkTo(page, current)}</li>\n`))}</ul>`,
  );
  return html`<nav class="guides" id="guides" aria-label="All guides">${joined(lists)}</nav>`;
}

/** The headings of level 2, with those of level 3 below them. */
function contentsOf(headings: readonly Heading[]): Html {
  const items = headings.map(
    ({ id, text, depth }) => html`<li class="depth-${depth}"><a href="#${id}">${text}</a></li>\n`,
  );
  return html`<ul>${joined(items)}</ul>`;
}

/** Links to the pages before and after, in the order of reading. */
function neighbours(page: Page): Html {
  const pages = [...allPages().values()];
  const at = pages.indexOf(page);
  const [before, after] = [pages[at - 1], pages[at + 1]];
  return html`<nav class="neighbours" aria-label="Next and previous guide">
${before && html`<a rel="prev" href="${GUIDES}/${before.name}">← ${before.label}</a>`}
${after && html`<a rel="next" href="${GUIDES}/${after.name}">${after.label} →</a>`}</nav>`;
}
