import { ValueError } from '@esim-rsp/sgp22/value/value-error';
import type { MailKindRow, MailValues } from './kinds.ts';
import type { MailText } from './mail-text.ts';

const PLACEHOLDER = /\{\{\s*([a-z_]{1,40})\s*\}\}/g;
/** Of one text. */
const MOST_PLACEHOLDERS = 100;
/** Characters of one value. */
const MOST_VALUE = 2000;

/** Throws a ValueError for a template that names what its kind does not have, or whose braces are not in pairs. */
export function checkTemplate(template: MailText, { placeholders }: MailKindRow): void {
  for (const field of ['subject', 'text', 'html'] as const) {
    const text = template[field] ?? '';
    const refuse = (what: string) => {
      const names = Object.keys(placeholders).map((name) => `{{${name}}}`);
      return new ValueError(`${what}: the placeholders of this kind are ${names.join(', ')}`, { field });
    };
    const found = [...text.matchAll(PLACEHOLDER)].map(([, name = '']) => name);
    const unknown = found.find((name) => !Object.hasOwn(placeholders, name));
    if (unknown !== undefined) throw refuse(`has {{${unknown}}}, which is not known`);
    const rest = text.replaceAll(PLACEHOLDER, '');
    if (/\{\{|\}\}/.test(rest)) throw refuse('has {{ or }} that belong to no placeholder');
    if (found.length > MOST_PLACEHOLDERS) throw refuse(`has more than ${MOST_PLACEHOLDERS} placeholders`);
  }
}

/** Puts the values into a template. Values end no line of the subject, and are text in HTML. */
export function renderMail(template: MailText, values: MailValues): MailText {
  const fill = (text: string, write: (value: string) => string) =>
    text.replaceAll(PLACEHOLDER, (_all, name: string) => write((values[name] ?? '').slice(0, MOST_VALUE)));
  return {
    subject: fill(template.subject, (value) => value.replace(/[\p{C}\s]+/gu, ' ')).slice(0, 500),
    text: fill(template.text, (value) => value.replace(/[^\P{C}\n]/gu, '')),
    ...(template.html !== undefined && { html: fill(template.html, escapeHtml) }),
  };
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(value: string): string {
  return value.replace(/[^\P{C}\n]/gu, '').replace(/[&<>"']/g, (one) => ENTITIES[one] ?? '');
}
