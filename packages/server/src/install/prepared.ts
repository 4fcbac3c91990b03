import { randomUUID } from 'node:crypto';
import { escapeHtml, type Html, html } from '../shapes/html.ts';

/** The values that differ from page to page, by the names of their places. Text is escaped. */
export type Values<V> = Readonly<Record<string, (view: V) => Html | string>>;

/** A page as bytes in which only values are missing: that of `places[i]` follows `parts[i]`. */
export type Prepared<V> = {
  readonly parts: readonly Uint8Array[];
  readonly values: readonly ((view: V) => Html | string)[];
  /** Indexes of `values`. */
  readonly places: readonly number[];
};

/** Begins a place. No text of a page has it, because it is random. */
const MARK = randomUUID();
const PLACE = new RegExp(`${MARK}(\\w+);`);

/** The places of values, to put into a page that is prepared. */
export function placesOf<N extends string>(values: Readonly<Record<N, unknown>>): Readonly<Record<N, Html>> {
  const names = Object.keys(values) as N[];
  const places = names.map((name) => [name, html.trusted(`${MARK}${name};`)]);
  return Object.fromEntries(places) as Record<N, Html>;
}

export function prepare<V>(page: Html, values: Values<V>): Prepared<V> {
  const texts = page.toString().split(PLACE);
  const places = texts.filter((_, i) => i % 2 === 1);
  const names = [...new Set(places)];
  return {
    parts: texts.filter((_, i) => i % 2 === 0).map((text) => Buffer.from(text)),
    values: names.map((name) => values[name] ?? (() => '')),
    places: places.map((name) => names.indexOf(name)),
  };
}

export function fillPlaces<V>({ parts, values, places }: Prepared<V>, view: V): Buffer {
  const texts = values.map((value) => escapeHtml(value(view)));
  const sizes = texts.map((text) => Buffer.byteLength(text));
  let length = 0;
  for (const part of parts) length += part.length;
  for (const place of places) length += sizes[place] ?? 0;
  const page = Buffer.allocUnsafe(length);
  let at = 0;
  parts.forEach((part, i) => {
    page.set(part, at);
    at += part.length;
    const text = texts[places[i] ?? -1];
    if (text !== undefined) at += page.write(text, at);
  });
  return page;
}
