import { ar } from './texts/ar.ts';
import { de } from './texts/de.ts';
import { en } from './texts/en.ts';
import { es } from './texts/es.ts';
import { fr } from './texts/fr.ts';
import { it } from './texts/it.ts';
import { pl } from './texts/pl.ts';
import { pt } from './texts/pt.ts';
import type { Texts } from './texts/texts.ts';
import { tr } from './texts/tr.ts';
import { zh } from './texts/zh.ts';

/** The languages of the install page, with their own names. */
export const languages = {
  en: { name: 'English', texts: en },
  de: { name: 'Deutsch', texts: de },
  fr: { name: 'Français', texts: fr },
  es: { name: 'Español', texts: es },
  pt: { name: 'Português', texts: pt },
  it: { name: 'Italiano', texts: it },
  pl: { name: 'Polski', texts: pl },
  tr: { name: 'Türkçe', texts: tr },
  zh: { name: '中文', texts: zh },
  ar: { name: 'العربية', texts: ar, isRightToLeft: true },
} as const satisfies Readonly<
  Record<string, { readonly name: string; readonly texts: Texts; readonly isRightToLeft?: true }>
>;
export type Language = keyof typeof languages;

export const languageCodes = Object.keys(languages) as Language[];

export function languageNamed(text: string | null | undefined): Language | undefined {
  return languageCodes.find((code) => code === text);
}

export function isRightToLeft(language: Language): boolean {
  return 'isRightToLeft' in languages[language];
}

/** More are nothing that browsers send. */
const MOST_PREFERRED = 20;

/** The language that an Accept-Language header prefers among ours (RFC 9110 12.5.4); undefined: none of them. */
export function preferredLanguage(header: string | undefined): Language | undefined {
  if (header === undefined) return undefined;
  const preferred = header
    .slice(0, 500)
    .split(',', MOST_PREFERRED)
    .map((part) => {
      const [range = '', ...parameters] = part.trim().toLowerCase().split(';');
      const [, quality = '1'] = /^q=([01](?:\.\d{0,3})?)$/.exec(parameters.join(';').trim()) ?? [];
      return { language: languageNamed(range.split('-', 1)[0]), quality: Number(quality) };
    })
    .filter(({ language, quality }) => language !== undefined && quality > 0)
    .sort((a, b) => b.quality - a.quality);
  return preferred[0]?.language;
}

/** Puts values in the place of `{name}`. */
export function fill(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}
