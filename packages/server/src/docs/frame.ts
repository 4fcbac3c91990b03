import { type Html, html } from '../shapes/html.ts';
import { DOCS, GUIDES } from './site.ts';

type Head = {
  readonly title: string;
  readonly styles: readonly string[];
  readonly scripts?: readonly string[];
};

/** A whole page of the documentation around its content. */
export function frame(
  { title, styles, scripts = [] }: Head,
  current: 'api' | 'guides',
  content: Html,
): string {
  const mark = (one: 'api' | 'guides') => one === current && html` aria-current="true"`;
  return String(html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="/favicon.ico">
${html.trusted(styles.map((address) => `<link rel="stylesheet" href="${address}">\n`).join(''))}${html.trusted(
  scripts.map((address) => `<script src="${address}" defer></script>\n`).join(''),
)}</head>
<body class="${current}">
<a class="skip" href="#content">Skip to the content</a>
<header class="bar"><a class="name" href="${GUIDES}">esim-rsp</a><nav aria-label="Documentation">
<a href="${GUIDES}"${mark('guides')}>Guides</a>
<a href="${DOCS}"${mark('api')}>API reference</a>
</nav></header>
${content}
</body>
</html>
`);
}
