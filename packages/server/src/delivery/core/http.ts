import { describeFailure, type Post, postAndRead } from '../outbound/post.ts';
import { CoreError } from './core-error.ts';
import { CORE_TIMEOUT_MS, type CoreCall } from './core-kind.ts';

export type HttpRequest = {
  readonly method: NonNullable<Post['method']>;
  /** Behind the URL of the core network. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
};

/** `json`: undefined if the body is none, or too long. */
export type HttpAnswer = { readonly status: number; readonly retryAfter?: number; readonly json: unknown };

const MOST_OCTETS = 1 << 20;

/** Sends one request to the HTTP interface of a core network. Rejects with a CoreError if there is no answer. */
export async function ask(call: CoreCall, request: HttpRequest): Promise<HttpAnswer> {
  const { core, allowPrivate, lookUp, signal } = call;
  const { clientCertificate: cert, clientKey: key } = core.credentials;
  const { ca } = core.settings;
  const body = request.body === undefined ? '' : JSON.stringify(request.body);
  try {
    const answer = await postAndRead(
      {
        method: request.method,
        url: new URL(core.url + request.path),
        headers: { ...(body !== '' && { 'content-type': 'application/json' }), ...request.headers },
        body,
        allowPrivate,
        lookUp,
        tls: { ...(cert !== undefined && { cert, key }), ...(ca !== undefined && { ca }) },
        timeoutMs: CORE_TIMEOUT_MS,
        signal,
      },
      MOST_OCTETS,
    );
    const { status, retryAfter } = answer;
    const json = answer.isWhole ? jsonIn(answer.body) : undefined;
    return { status, json, ...(retryAfter !== undefined && { retryAfter }) };
  } catch (error) {
    throw new CoreError(describeFailure(error));
  }
}

function jsonIn(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** The answer, if its status is one of these; otherwise a CoreError that says what was not done. The body may repeat keys, so it is not shown. */
export function mustAnswer(answer: HttpAnswer, statuses: readonly number[], what: string): HttpAnswer {
  const { status, retryAfter } = answer;
  if (statuses.includes(status)) return answer;
  const login = status === 401 || status === 403 ? ': check the credentials' : '';
  throw new CoreError(`${what}: it answered ${status}${login}`, {
    status,
    ...(retryAfter !== undefined && { retryAfter }),
  });
}

/** A member of a JSON object; undefined: there is none. */
export function memberOf(json: unknown, name: string): unknown {
  return typeof json === 'object' && json !== null ? (json as Record<string, unknown>)[name] : undefined;
}
