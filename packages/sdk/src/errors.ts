import type { Problem } from './models.ts';

/** The answer to a request, as a plain object. */
export interface ApiResponse<T> {
  status: number;
  statusText: string;
  /** By lower-case name. Browsers show only what the server exposes to other origins. */
  headers: Record<string, string>;
  data: T;
}

/** The body of an error answer: the API's own problem, or the text of a server between it and the caller. */
export type ProblemData = Problem | string;

/** The server answered with an error. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  /** A stable word: the API's own, or `http_502` and the like when something before the API answered. */
  readonly code: string;
  /** What to quote when asking the operator of the server. */
  readonly requestId: string | undefined;
  /** Seconds after which the caller may try again, as the server says. */
  readonly retryAfter: number | undefined;
  readonly response: ApiResponse<ProblemData>;

  constructor(response: ApiResponse<ProblemData>, because?: { code: string; message: string }) {
    const { status, headers, data } = response;
    const problem = typeof data === 'string' ? undefined : data;
    super(
      because?.message ??
        problem?.message ??
        `The server answered ${`${status} ${response.statusText}`.trim()}.`,
    );
    this.status = status;
    this.code = because?.code ?? problem?.code ?? `http_${status}`;
    this.requestId = problem?.request_id ?? headers['x-request-id'];
    this.retryAfter = retryAfter(headers['retry-after']);
    this.response = response;
  }
}

/** No complete answer arrived: the server cannot be reached, the connection broke, or the time-out passed. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
  readonly code: 'network' | 'timeout';
  /** Never there; so that `error.response?.status` reads the same for both kinds of error. */
  readonly response = undefined;

  constructor(code: 'network' | 'timeout', message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

/** A required parameter is missing: nothing was sent. */
export class RequiredError extends TypeError {
  override readonly name = 'RequiredError';
  readonly field: string;

  constructor(field: string, message: string) {
    super(message);
    this.field = field;
  }
}

/** Retry-After (RFC 9110 10.2.3) in seconds from now: a number, or a date. */
function retryAfter(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d+$/.test(header)) return Number(header);
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, (date - Date.now()) / 1000);
}
