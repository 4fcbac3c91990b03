import { request as httpRequest } from 'node:http';
import { Agent, request as httpsRequest, type RequestOptions } from 'node:https';
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
  /** Absent: POST. */
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
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
  /** Called when the connection is there, and the message is about to be sent. */
  readonly onSend?: () => void;
  /**
   * Uses a TLS connection for several messages. The server may close it at the moment in which one is sent: only where a message that got no answer can
   * be repeated without harm.
   */
  readonly keepsConnection?: boolean;
};

/** How long a connection is kept for the next message, unless its server says less. */
const KEPT_MS = 4000;
/** By host, certificate, key and CA: none is used with other settings than it was made with. */
const kept = new Agent({
  keepAlive: true,
  timeout: KEPT_MS,
  maxFreeSockets: 16,
  maxTotalSockets: Number.POSITIVE_INFINITY,
});

/** The response with its body; `isWhole`: it is not longer than what was read of it. */
export type WholeResponse = PostResponse & { readonly body: Buffer; readonly isWhole: boolean };

/** The connection is closed when the response body is longer. */
const MAX_RESPONSE_BYTES = 4096;

/** Sends one POST whose answer is its status. Redirects are not followed. Rejects on a network error, a private host, a timeout or an abort. */
export async function post(message: Post): Promise<PostResponse> {
  const { body: _, isWhole: _isWhole, ...response } = await postAndRead(message, MAX_RESPONSE_BYTES);
  return response;
}

/** The same with any method, and with the first `maxBytes` of the response body. */
export function postAndRead(
  { method = 'POST', url, headers, body, allowPrivate, lookUp, tls, timeoutMs, signal, ...how }: Post,
  maxBytes: number,
): Promise<WholeResponse> {
  const { onSend, keepsConnection = false } = how;
  if (!allowPrivate && isPrivateLiteral(url)) return Promise.reject(new PrivateHostError());
  const { promise, resolve, reject } = Promise.withResolvers<WholeResponse>();
  const abort = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, {
    method,
    headers: { ...headers, 'content-length': Buffer.byteLength(body) },
    agent: keepsConnection && kept,
    signal: abort,
    lookup: allowPrivate ? lookUp : publicOnly(lookUp),
    ...tls,
  });
  request.on('error', reject);
  if (onSend)
    request.once('socket', (socket) =>
      request.reusedSocket ? onSend() : socket.once(readyEvent(url), onSend),
    );
  request.on('response', (response) => {
    let read = 0;
    const chunks: Buffer[] = [];
    const finish = () => {
      const { statusCode: status = 0, headers } = response;
      const body = Buffer.concat(chunks).subarray(0, maxBytes);
      const isWhole = read <= maxBytes;
      resolve({ status, ...retryAfterIn(headers['retry-after']), body, isWhole });
      if (!keepsConnection || !isWhole) request.destroy();
    };
    response.on('data', (chunk: Buffer) => {
      read += chunk.length;
      chunks.push(chunk);
      if (read > maxBytes) finish();
    });
    response.on('end', finish);
    response.on('error', reject);
  });
  request.end(body);
  return promise;
}

/** What a socket emits when HTTP can be sent. */
function readyEvent({ protocol }: URL): 'secureConnect' | 'connect' {
  return protocol === 'https:' ? 'secureConnect' : 'connect';
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
  if (code === undefined) return 'no response';
  return failureTexts[code] ?? (isOfTls(code) ? `TLS failed (${code})` : `no response (${code})`);
}

/** Whether Node says with this code that TLS failed, or that it does not accept the certificate of the server. */
function isOfTls(code: string): boolean {
  return /^(ERR_SSL_|ERR_TLS_|EPROTO)|CERT|^UNABLE_TO_|^INVALID_(CA|PURPOSE)$/.test(code);
}

const UNKNOWN_CA = 'the CA that issued the certificate of the server is not trusted';

const failureTexts: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection broke',
  ENOTFOUND: 'the host name does not exist',
  EAI_AGAIN: 'the host name could not be looked up',
  ETIMEDOUT: 'no response in time',
  CERT_HAS_EXPIRED: 'the certificate of the server has expired',
  CERT_NOT_YET_VALID: 'the certificate of the server is not valid yet',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the certificate of the server is for other host names',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'the certificate of the server is signed by itself, and not trusted',
  SELF_SIGNED_CERT_IN_CHAIN: UNKNOWN_CA,
  UNABLE_TO_GET_ISSUER_CERT: UNKNOWN_CA,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNKNOWN_CA,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNKNOWN_CA,
};
