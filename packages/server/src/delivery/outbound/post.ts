import { request as httpRequest } from 'node:http';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import type { LookupFunction } from 'node:net';
import { isPrivateLiteral, PrivateHostError, publicOnly } from './resolve.ts';
import { parseRetryAfter } from './retry-after.ts';

/** The response to a POST. Its body is not used. */
export type PostResponse = {
  readonly status: number;
  /** Seconds, from the Retry-After header. */
  readonly retryAfter?: number;
};

export type Post = {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Whether the host may be in a private network. */
  readonly allowPrivate: boolean;
  readonly lookUp: LookupFunction;
  /** For mutual TLS. */
  readonly tls?: Pick<RequestOptions, 'key' | 'cert' | 'ca'>;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
};

/** The connection is closed when the response body is longer. */
const MAX_RESPONSE_BYTES = 4096;

/** Sends one POST. Redirects are not followed. Rejects on a network error, a private host, a timeout or an abort. */
export function post({
  url,
  headers,
  body,
  allowPrivate,
  lookUp,
  tls,
  timeoutMs,
  signal,
}: Post): Promise<PostResponse> {
  if (!allowPrivate && isPrivateLiteral(url)) return Promise.reject(new PrivateHostError());
  const { promise, resolve, reject } = Promise.withResolvers<PostResponse>();
  const abort = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, {
    method: 'POST',
    headers: { ...headers, 'content-length': Buffer.byteLength(body) },
    agent: false,
    signal: abort,
    lookup: allowPrivate ? lookUp : publicOnly(lookUp),
    ...tls,
  });
  request.on('error', reject);
  request.on('response', (response) => {
    let read = 0;
    const finish = () => {
      const { statusCode: status = 0, headers } = response;
      resolve({ status, ...retryAfterIn(headers['retry-after']) });
      request.destroy();
    };
    response.on('data', (chunk: Buffer) => {
      read += chunk.length;
      if (read > MAX_RESPONSE_BYTES) finish();
    });
    response.on('end', finish);
    response.on('error', reject);
  });
  request.end(body);
  return promise;
}

function retryAfterIn(header: string | undefined): Pick<PostResponse, 'retryAfter'> {
  const retryAfter = header === undefined ? undefined : parseRetryAfter(header, Date.now());
  return retryAfter === undefined ? {} : { retryAfter };
}

/** Why there was no response, in a few words. They contain nothing of the URL, whose path may be secret. */
export function describeFailure(error: unknown): string {
  if (error instanceof PrivateHostError) return error.message;
  const { name, code, cause } = error as NodeJS.ErrnoException & { cause?: { name?: string } };
  if (name === 'AbortError' || name === 'TimeoutError')
    return cause?.name === 'TimeoutError' || name === 'TimeoutError'
      ? 'no response in time'
      : 'was interrupted';
  return code === undefined ? 'no response' : (failureTexts[code] ?? `no response (${code})`);
}

const failureTexts: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection broke',
  ENOTFOUND: 'the host name does not exist',
  EAI_AGAIN: 'the host name could not be looked up',
  ETIMEDOUT: 'no response in time',
};
