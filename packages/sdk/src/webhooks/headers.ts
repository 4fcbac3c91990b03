type Pair = readonly [name: string, value: unknown];

/**
 * Headers as platforms hand them over: a `Headers` or `Map`, an object such as Node's `request.headers` or the `headers` and
 * `multiValueHeaders` of Lambda, whose values can be lists, a list of pairs, Node's `rawHeaders`, or CloudFront's lists of
 * `{ key, value }`. Names are found in upper and lower case.
 */
export type WebhookHeaders =
  | { get(name: string): string | null | undefined }
  | Iterable<
      | string
      | readonly [string, unknown]
      | { readonly key?: string; readonly name?: string; readonly value: unknown }
    >
  | Readonly<Record<string, unknown>>;

/** The values of a header, joined by a space: for the signatures that is one list. */
export function headerIn(headers: WebhookHeaders, name: string): string | undefined {
  if (!isIterable(headers) && typeof headers.get === 'function')
    return textsIn(headers.get(name)).join(' ') || undefined;
  const values = pairsIn(headers).flatMap(([own, value]) =>
    own.toLowerCase() === name ? textsIn(value) : [],
  );
  // A platform may hand the same header over twice, once as a list.
  return [...new Set(values)].join(' ') || undefined;
}

function isIterable(headers: WebhookHeaders): headers is Extract<WebhookHeaders, Iterable<unknown>> {
  return Symbol.iterator in headers;
}

function pairsIn(headers: WebhookHeaders): readonly Pair[] {
  if (!isIterable(headers)) return Object.entries(headers);
  const all = [...headers];
  return all.flatMap((one, i): readonly Pair[] => {
    if (typeof one === 'string') return i % 2 === 0 ? [[one, all[i + 1]]] : []; // name, value, name, value …
    if (isPair(one)) return [one];
    return [[one.key ?? one.name ?? '', one.value]];
  });
}

function isPair(one: object): one is Pair {
  return Array.isArray(one);
}

/** The texts in a value: a text, a list of values, or an object with the value. */
function textsIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(textsIn);
  if (typeof value === 'object' && value !== null && 'value' in value) return textsIn(value.value);
  return typeof value === 'string' || typeof value === 'number' ? [String(value).trim()] : [];
}
