import type { Configuration } from '../configuration.ts';
import { type ApiKeySource, credentialIn } from '../credentials.ts';
import { VERSION } from '../version.ts';

/** Options of one call, which come before those of the `Configuration`. */
export interface RequestOptions {
  /** Ends the request, and the waiting between attempts; the call then rejects with the signal's reason. */
  signal?: AbortSignal;
  /** Milliseconds per attempt; 0 for no limit. */
  timeout?: number;
  retries?: number;
  headers?: Record<string, string>;
  /** Of a POST: the server executes calls with the same key once. By default each call has a random one. */
  idempotencyKey?: string | undefined;
  /** The account that calls. */
  userId?: string;
  /** The API key of this call, or a function that returns `x-user-id` and `x-api-key`. */
  apiKey?: string | ApiKeySource;
}

export interface Call {
  /** For messages and logs. */
  readonly name: string;
  readonly method: string;
  /** After the base path, percent-encoded, with its query. */
  readonly path: string;
  /** The media type that is wanted. */
  readonly accept: string;
  readonly body?: BodyInit | undefined;
  /** The media type of the body. */
  readonly type?: string | undefined;
  /** What to do when the connection breaks. */
  readonly advice?: string;
}

/** The URL of a call. */
export function locate({ basePath }: Configuration, { path }: Call): URL {
  try {
    return new URL(basePath + path, globalThis.location?.href);
  } catch {
    throw new TypeError(
      `baseURL (or basePath) must be a URL such as https://host/api/v1/esim; it is "${basePath}".`,
    );
  }
}

/** The query string of the parameters that are not undefined. */
export function query(parameters: object): string {
  const text = String(new URLSearchParams(JSON.parse(JSON.stringify(parameters))));
  return text && `?${text}`;
}

/** The headers of a call. Those of its options win. */
export async function headersOf(
  configuration: Configuration,
  { accept, type }: Call,
  { userId, apiKey, idempotencyKey, headers: more }: RequestOptions,
): Promise<Headers> {
  const headers = new Headers(configuration.baseOptions.headers);
  const credential = async (name: string) =>
    (await credentialIn(name, userId, apiKey)) ?? configuration.apiKey(name);
  // Browsers have a user agent of their own.
  const userAgent = globalThis.location || headers.has('user-agent') ? undefined : `esim-rsp-sdk/${VERSION}`;
  for (const [name, value] of Object.entries({
    accept,
    'content-type': type,
    'user-agent': userAgent,
    'idempotency-key': idempotencyKey,
    'x-user-id': await credential('x-user-id'),
    'x-api-key': await credential('x-api-key'),
    ...more,
  }))
    try {
      if (value !== undefined) headers.set(name, value);
    } catch {
      // The platform's own error would quote the value, which can be the key.
      throw new TypeError(`The value of ${name} is not allowed in an HTTP header, such as a line break.`);
    }
  return headers;
}

/** 128 random bits: four numbers with hyphens between them. */
export function randomKey(): string {
  return globalThis.crypto.getRandomValues(new Uint32Array(4)).join('-');
}
