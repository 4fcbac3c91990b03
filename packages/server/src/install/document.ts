import { type Html, html, joined } from '../shapes/html.ts';
import { isRightToLeft, type Language, languageCodes, languages } from './languages.ts';
import { contacts } from './page-help.ts';
import { SCRIPT_NAME } from './script.ts';
import { styleName } from './style.ts';
import { INSTALL_PATH } from './token.ts';
import type { Frame } from './view.ts';

/** Where styles, the script and logos are. No token is as short as this. */
export const ASSETS = `${INSTALL_PATH}-/`;

/** `path`: of the page, for the choice of the language. Absent: the page has no script. */
type Body = { readonly path: Html | string; readonly attributes?: Html };

/** A whole page around its content. */
export function document(frame: Frame, title: string, { path, attributes }: Body, content: Html): Html {
  const { language, brand } = frame;
  const { texts } = languages[language];
  const direction = isRightToLeft(language) ? 'rtl' : 'ltr';
  const name = brand?.name ?? brand?.accountName;
  return html`<!doctype html>
<html lang="${language}" dir="${direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<meta name="referrer" content="no-referrer">
<meta name="format-detection" content="telephone=no">
<title>${title}${name !== undefined && ` – ${name}`}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${ASSETS}${styleName(brand?.colour)}">
${attributes !== undefined && html`<script src="${ASSETS}${SCRIPT_NAME}" defer></script>`}
</head>
<body${attributes !== undefined && html` ${attributes}`}>
<div class="sheet">
<header>${logo(frame)}${name !== undefined && html`<bdi>${name}</bdi>`}</header>
<main>
${content}
</main>
<footer><nav aria-label="${texts.language}">${picker(language, path)}</nav></footer>
</div>
<p id="spoken" role="status" class="quiet"></p>
</body>
</html>
`;
}

function logo({ brand }: Frame): Html | undefined {
  if (brand?.logo === undefined) return undefined;
  const { hash, type, bytes, width, height } = brand.logo;
  const address =
    bytes === undefined
      ? `${ASSETS}logo-${hash}`
      : `data:${type};base64,${Buffer.from(bytes).toString('base64')}`;
  return html`<img src="${address}" alt="" width="${width}" height="${height}">`;
}

/** Links, so that it works without scripts. */
function picker(current: Language, path: Html | string): Html {
  const items = languageCodes.map((code) => {
    const { name } = languages[code];
    const mark = code === current && html` aria-current="true"`;
    return html`<li><a href="${path}?lang=${code}" lang="${code}" hreflang="${code}"${mark}>${name}</a></li>`;
  });
  return html`<ul>${joined(items)}</ul>`;
}

const pages = {
  linkUnknown: 404,
  linkExpired: 410,
  tooMany: 429,
  failed: 500,
} as const;
export type MessageName = keyof typeof pages;

export function statusOfMessage(name: MessageName): number {
  return pages[name];
}

/** A page with a message, and nothing of an order. */
export function messagePage(frame: Frame, name: MessageName, path: string): string {
  const { texts } = languages[frame.language];
  const content = html`<h1>${texts[name]}</h1>
<p>${texts[`${name}Text`]}</p>
${contacts(frame.brand, texts)}`;
  return document(frame, texts[name], { path }, content).toString();
}
