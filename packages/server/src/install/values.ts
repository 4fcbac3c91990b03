import { createLruCache } from '../limits/lru-cache.ts';
import { encodeQrMatrix } from '../qr/matrix.ts';
import { renderPng } from '../qr/png.ts';
import { renderSvg } from '../qr/svg.ts';
import { type Html, html } from '../shapes/html.ts';
import { installLinks } from './activation-code.ts';
import type { Language } from './languages.ts';
import { placesOf } from './prepared.ts';
import type { PageView } from './view.ts';

const codeOf = ({ code }: PageView): string => code?.whole ?? '';

/** What differs from link to link. */
export const values = {
  path: ({ path }: PageView) => path,
  stamp: ({ stamp }: PageView) => stamp,
  profileName: ({ profileName }: PageView) => profileName,
  until: ({ language, expiresAt }: PageView) => dayIn(language, expiresAt),
  whole: codeOf,
  smdpAddress: ({ code }: PageView) => code?.smdpAddress ?? '',
  matchingId: ({ code }: PageView) => code?.matchingId ?? '',
  apple: (view: PageView) => installLinks(codeOf(view)).apple,
  android: (view: PageView) => installLinks(codeOf(view)).android,
  windows: (view: PageView) => installLinks(codeOf(view)).windows,
  png: (view: PageView) => pictureOf('png', codeOf(view)),
  svg: (view: PageView) => pictureOf('svg', codeOf(view)),
};

/** Where they are in a page. */
export const places = placesOf(values);

const DAY_MS = 24 * 60 * 60 * 1000;
/** A format takes longer to create than the rest of a page, and a date longer to format than most of it. */
const formats = new Map<Language, Intl.DateTimeFormat>();
const days = createLruCache<string>(1000);

function dayIn(language: Language, time: number): string {
  const key = `${language} ${Math.floor(time / DAY_MS)}`;
  const known = days.get(key);
  if (known !== undefined) return known;
  const format =
    formats.get(language) ?? new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'UTC' });
  formats.set(language, format);
  const day = format.format(time);
  days.set(key, day);
  return day;
}

/** Customers open a page several times, and QR codes take longer than the rest of it: those of the last pages are kept. */
const pictures = createLruCache<Html>(1000);

/** The content of a PNG in base64, or an SVG without the beginning of its tag. */
function pictureOf(kind: 'png' | 'svg', code: string): Html {
  const key = `${kind} ${code}`;
  const known = pictures.get(key);
  if (known !== undefined) return known;
  const matrix = encodeQrMatrix(code, { ecc: 'M', margin: 4 });
  const picture = html.trusted(
    kind === 'png'
      ? renderPng(matrix).toString('base64')
      : renderSvg(matrix, matrix.length * 8)
          .trim()
          .slice('<svg'.length),
  );
  pictures.set(key, picture);
  return picture;
}
