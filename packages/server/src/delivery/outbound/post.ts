import { request as httpRequest } from 'node:http';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import { ClosedHost, isClosedLiteral, publicLookup } from './resolve.ts';

/** The answer to a POST; of its body, what was read. */
export type PostAnswer = {
  readonly status: number;
  /** Seconds, where the server says when to come again. */
  readonly retryAfter?: number;
};

export type Post = {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Whether it may go into private networks. */
  readonly allowPrivate: boolean;
  /** For connections where both ends show certificates. */
  readonly tls?: Pick<RequestOptions, 'key' | 'cert' | 'ca'>;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
};

/** More of an answer is nobody's business. */
const MOST_ANSWER_BYTES = 4096;

/** Sends once, follows nothing, and is done in time; rejects with what went wrong. */
export function post({
  url,
  headers,
  body,
  allowPrivate,
  tls,
  timeoutMs,
  signal,
}: Post): Promise<PostAnswer> {
  if (!allowPrivate && isClosedLiteral(url)) return Promise.reject(new ClosedHost());
  const { promise, resolve, reject } = Promise.withResolvers<PostAnswer>();
  const ending = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, {
    method: 'POST',
    headers: { ...headers, 'content-length': Buffer.byteLength(body) },
    agent: false,
    signal: ending,
    ...(!allowPrivate && { lookup: publicLookup }),
    ...tls,
  });
  request.on('error', reject);
  request.on('response', (response) => {
    let read = 0;
    const answered = () => {
      const { statusCode: status = 0, headers } = response;
      resolve({ status, ...retryAfterIn(headers['retry-after']) });
      request.destroy();
    };
    response.on('data', (chunk: Buffer) => {
      read += chunk.length;
      if (read > MOST_ANSWER_BYTES) answered();
    });
    response.on('end', answered);
    response.on('error', reject);
  });
  request.end(body);
  return promise;
}

function retryAfterIn(header: string | undefined): Pick<PostAnswer, 'retryAfter'> {
  return header !== undefined && /^\d{1,6}$/.test(header) ? { retryAfter: Number(header) } : {};
}

/** Why no answer came, in a word or a sentence that shows nothing of the URL's path. */
export function failureOf(error: unknown): string {
  if (error instanceof ClosedHost) return error.message;
  const { name, code, cause } = error as NodeJS.ErrnoException & { cause?: { name?: string } };
  if (name === 'AbortError' || name === 'TimeoutError')
    return cause?.name === 'TimeoutError' || name === 'TimeoutError'
      ? 'no answer in time'
      : 'was interrupted';
  return code === undefined ? 'no answer' : (words[code] ?? `no answer (${code})`);
}

const words: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection broke',
  ENOTFOUND: 'the host is not known',
  EAI_AGAIN: 'the host could not be looked up',
  ETIMEDOUT: 'no answer in time',
};
