import { type Html, html } from '../shapes/html.ts';
import type { Brand } from '../store/ports/install/brands.ts';
import { fill } from './languages.ts';
import type { Texts } from './texts/texts.ts';
import type { Layout } from './view.ts';

export const MOST_HELP_CHARACTERS = 500;

/** How the customer reaches support: what the account has set, and a message. What became of the message is here, where the form leads back to. */
export function helpSection(layout: Layout, path: Html, texts: Texts): Html {
  const { brand, language, isChosen, notice, state } = layout;
  const isAsked = notice === 'asked' || notice === 'askedBefore';
  const form = html`<form method="post" action="${path}/help${isChosen && `?lang=${language}`}">
<label for="message">${texts.message}</label>
<textarea id="message" name="message" maxlength="${MOST_HELP_CHARACTERS}" rows="3"></textarea>
<button class="button small">${texts.ask}</button></form>`;
  return html`<section id="help"><h2>${texts.help}</h2>
${notice !== undefined && html`<p class="note" role="status">${texts[notice]}</p>`}
${contacts(brand, texts)}
${!isAsked && form}
${state !== 'installed' && html`<p class="again"><a href="${path}${isChosen && `?lang=${language}`}">${texts.again}</a></p>`}</section>`;
}

/** The address alone (RFC 6068 2): no character of it begins a header, a text or other recipients. */
function mailLink(address: string): string {
  const at = address.lastIndexOf('@');
  return `mailto:${encodeURIComponent(address.slice(0, at))}@${encodeURIComponent(address.slice(at + 1))}`;
}

/** The contacts of an account, as links. */
export function contacts(brand: Brand | undefined, texts: Texts): Html {
  const { supportUrl, supportEmail, supportPhone } = brand ?? {};
  if (supportUrl === undefined && supportEmail === undefined && supportPhone === undefined) return html``;
  const link = (to: string, text: string) => html`<li><a href="${to}" rel="noreferrer">${text}</a></li>`;
  return html`<ul class="links">
${supportUrl !== undefined && link(supportUrl, texts.supportPage)}
${supportEmail !== undefined && link(mailLink(supportEmail), fill(texts.email, { address: supportEmail }))}
${supportPhone !== undefined && link(`tel:${supportPhone.replace(/[^+\d]/g, '')}`, fill(texts.phone, { number: supportPhone }))}</ul>`;
}
