import { answered, refuse } from './answer.ts';
import { type Configuration, CREDENTIALS, milliseconds, retryCount } from './configuration.ts';
import { ApiError, type ApiResponse, ConnectionError } from './errors.ts';

/** What one request may have otherwise than the `Configuration` says. */
export interface RequestOptions {
  /** Ends the request, and the waiting between attempts; the call then rejects with the signal's reason. */
  signal?: AbortSignal;
  /** Milliseconds per attempt; 0 for no limit. */
  timeout?: number;
  retries?: number;
  headers?: Record<string, string>;
}

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

export interface Call {
  readonly method: Method;
  /** After the base path, percent-encoded, with its query. */
  readonly path: string;
  /** The media type that is wanted. */
  readonly accept: string;
  readonly body?: object;
}

/** An answer that was read to its end. */
interface Answer {
  readonly response: Response;
  readonly body: Blob;
}

/** Statuses that say "not now" rather than "no". */
const BUSY = new Set([408, 429, 502, 503, 504]);
/** A server that wants to be left alone for longer than this many seconds is not waited for. */
const PATIENCE = 60;
/** `setTimeout` takes no more. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** Sends a request and gives the body of its answer; rejects with `ApiError` or `ConnectionError`. */
export async function send(
  configuration: Configuration,
  call: Call,
  options: RequestOptions,
): Promise<ApiResponse<Blob>> {
  const retries = isRepeatable(call) ? retryCount(options.retries ?? configuration.retries) : 0;
  const known = call.method === 'POST' && retries > 0 ? withIdempotencyKey(options) : options;
  for (let attempt = 0; ; attempt++) {
    try {
      return await once(configuration, call, known);
    } catch (error) {
      const wait = attempt < retries ? pause(error, attempt) : undefined;
      if (wait === undefined) throw error;
      await sleep(wait, options.signal);
    }
  }
}

/** A POST whose answer was lost may have been done: its Idempotency-Key lets the server know it again. */
function isRepeatable({ method }: Call): boolean {
  return method === 'GET' || method === 'POST';
}

function withIdempotencyKey(options: RequestOptions): RequestOptions {
  const bytes = globalThis.crypto.getRandomValues(new Uint8Array(16));
  const key = Array.from(bytes, (octet) => octet.toString(16).padStart(2, '0')).join('');
  return { ...options, headers: { 'idempotency-key': key, ...options.headers } };
}

async function once(
  configuration: Configuration,
  call: Call,
  options: RequestOptions,
): Promise<ApiResponse<Blob>> {
  const url = locate(configuration.basePath, call.path);
  const init: RequestInit = {
    // A redirect that is followed carries the key to wherever it points.
    redirect: 'manual',
    ...configuration.baseOptions,
    method: call.method,
    headers: await headersOf(configuration, call, options),
    ...(call.body && { body: JSON.stringify(call.body) }),
  };
  const { response, body } = await exchange(configuration, url, init, options);
  return response.ok ? answered(response, body) : refuse(response, await body.text());
}

/**
 * Opens a stream of server-sent events and gives its body. A server that is away is asked again and again, with pauses,
 * until the signal aborts; a refusal rejects with `ApiError`.
 */
export async function openStream(
  configuration: Configuration,
  call: Omit<Call, 'accept'>,
  options: RequestOptions,
): Promise<ReadableStream<Uint8Array>> {
  const url = locate(configuration.basePath, call.path);
  const asked = { ...call, accept: 'text/event-stream' };
  const fetch = configuration.fetch ?? globalThis.fetch;
  for (let attempt = 0; ; attempt++) {
    try {
      const response = await fetch(url, {
        redirect: 'manual',
        ...configuration.baseOptions,
        headers: await headersOf(configuration, asked, options),
        ...(options.signal && { signal: options.signal }),
      });
      if (response.ok && response.body !== null) return response.body;
      if (!BUSY.has(response.status)) refuse(response, await response.text());
    } catch (cause) {
      options.signal?.throwIfAborted();
      if (!(cause instanceof TypeError) || attempt >= LONGEST_ABSENCE) throw cause;
    }
    await sleep(Math.min(5000, 250 * 2 ** Math.min(attempt, 6)), options.signal);
  }
}

/** Attempts: some minutes, in which a server is updated. */
const LONGEST_ABSENCE = 60;

/** Milliseconds before the next attempt (exponential, with jitter), or nothing if another attempt is no use. */
function pause(error: unknown, attempt: number): number | undefined {
  const backOff = Math.min(8_000, 250 * 2 ** attempt) * (0.5 + Math.random() / 2);
  if (error instanceof ConnectionError) return backOff;
  if (!(error instanceof ApiError) || !BUSY.has(error.status)) return undefined;
  const asked = error.retryAfter ?? 0;
  return asked <= PATIENCE ? Math.max(asked * 1_000, backOff) : undefined;
}

export function locate(basePath: string, path: string): URL {
  try {
    return new URL(basePath + path, globalThis.location?.href);
  } catch {
    throw new TypeError(`basePath must be a URL such as https://host/api/v1/esim; it is "${basePath}".`);
  }
}

export async function headersOf(
  configuration: Configuration,
  call: Call,
  options: RequestOptions,
): Promise<Headers> {
  const headers = new Headers(configuration.baseOptions.headers);
  headers.set('accept', call.accept);
  if (call.body) headers.set('content-type', 'application/json');
  for (const name of CREDENTIALS) {
    const value = await configuration.apiKey?.(name);
    if (value === undefined) continue;
    try {
      headers.set(name, value);
    } catch {
      // The platform's own error would quote the key.
      throw new TypeError(
        `apiKey returned a value for ${name} that is not allowed in an HTTP header. Does it contain a line break?`,
      );
    }
  }
  for (const [name, value] of Object.entries(options.headers ?? {})) headers.set(name, value);
  return headers;
}

/** `fetch`, and the body to its end, within the time and until the caller's signal. */
async function exchange(
  configuration: Configuration,
  url: URL,
  init: RequestInit,
  options: RequestOptions,
): Promise<Answer> {
  const { signal } = options;
  const timeout = milliseconds(options.timeout ?? configuration.timeout);
  const fetch = configuration.fetch ?? globalThis.fetch;
  const stop = new AbortController();
  const abort = () => stop.abort(signal?.reason);
  let late = false;
  const expire = () => {
    late = true;
    stop.abort();
  };
  signal?.throwIfAborted();
  signal?.addEventListener('abort', abort);
  const timer = timeout > 0 ? setTimeout(expire, Math.min(timeout, LONGEST_TIMER)) : undefined;
  try {
    const response = await fetch(url, { ...init, signal: stop.signal });
    return { response, body: await response.blob() };
  } catch (cause) {
    signal?.throwIfAborted();
    if (late)
      throw new ConnectionError('timeout', `No answer from ${url.origin} within ${timeout} ms.`, cause);
    throw new ConnectionError('network', `No answer from ${url.origin}: ${reason(cause)}.`, cause);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  }
}

/** The most telling word of a failed `fetch`: Node hides it in the cause. */
export function reason(error: unknown): string {
  const { cause, message } = error as { cause?: { message?: string; code?: string }; message?: string };
  return cause?.message || cause?.code || message || 'the connection failed';
}

function sleep(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', abort);
      resolve();
    }, milliseconds);
    signal?.addEventListener('abort', abort, { once: true });
    if (signal?.aborted) abort();
  });
}
