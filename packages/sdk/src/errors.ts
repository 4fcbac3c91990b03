import type { Problem, ProblemCode, ProblemField } from './models.ts';

/** The answer to a request. */
export interface ApiResponse<T> {
  status: number;
  statusText: string;
  /** By lower-case name. Browsers show only what the server exposes to other origins. */
  headers: Record<string, string>;
  data: T;
  /** `x-request-id`: quote it when you report a fault. */
  requestId: string | undefined;
  /** The answer as `fetch` returned it; its body can still be read. It is not enumerable, so the answer can be cloned and printed. */
  readonly response: Response;
}

/** The body of an error answer: the API's own problem, or the text of a server between it and the caller. */
export type ProblemData = Problem | string;

/**
 * A stable word for programs: a code of the API (`ProblemCode`); `http_502` and the like when a server between it and the caller
 * answered; `redirected` or `unexpected_answer` when the URL is probably not that of the API.
 */
export type ApiErrorCode = ProblemCode | 'redirected' | 'unexpected_answer' | `http_${number}`;

type Reason = Partial<Omit<Problem, 'code'>> & { readonly code?: ApiErrorCode };

/** The server answered with an error. There is a subclass for each kind. */
export class ApiError extends Error {
  override readonly name: string = 'ApiError';
  declare readonly status: number;
  declare readonly code: ApiErrorCode;
  /** The members of the request that are not valid. */
  declare readonly errors: readonly ProblemField[];
  /** Quote it when you report a fault. */
  declare readonly requestId: string | undefined;
  /** Seconds after which the caller may try again, as the server says. */
  declare readonly retryAfter: number | undefined;
  declare readonly response: ApiResponse<ProblemData>;

  /** `reason` says what is wrong; by default the body of the answer does. */
  constructor(
    response: ApiResponse<ProblemData>,
    reason: Reason = typeof response.data === 'string' ? {} : response.data,
  ) {
    const { status, statusText, headers, requestId } = response;
    super(reason.message ?? `The server answered ${`${status} ${statusText}`.trim()}.`);
    this.status = status;
    this.code = reason.code ?? `http_${status}`;
    this.errors = reason.errors ?? [];
    this.requestId = reason.request_id ?? requestId;
    this.retryAfter = retryAfter(headers['retry-after']);
    this.response = response;
  }
}

/** 400 or 422: the request is not valid; `errors` names the members. */
export class ValidationError extends ApiError {
  override readonly name = 'ValidationError';
}

/** 401: the user id or the API key is missing, wrong, expired or revoked. */
export class AuthenticationError extends ApiError {
  override readonly name = 'AuthenticationError';
}

/** 403: the scope of the API key does not allow this call. */
export class PermissionError extends ApiError {
  override readonly name = 'PermissionError';
}

/** 404: the account has no such profile, template, webhook … */
export class NotFoundError extends ApiError {
  override readonly name = 'NotFoundError';
}

/** 409: the state of the profile, or of something else, does not allow this call. */
export class ConflictError extends ApiError {
  override readonly name = 'ConflictError';
}

/** 429: too many calls; `retryAfter` says when to try again. */
export class RateLimitError extends ApiError {
  override readonly name = 'RateLimitError';
}

/** 500 and above: the server, or a server in front of it, failed or is busy. */
export class ServerError extends ApiError {
  override readonly name = 'ServerError';
}

const ERRORS: Readonly<Record<number, typeof ApiError>> = {
  400: ValidationError,
  401: AuthenticationError,
  403: PermissionError,
  404: NotFoundError,
  409: ConflictError,
  422: ValidationError,
  429: RateLimitError,
};

/** The error for an answer, by its status. */
export function apiError(response: ApiResponse<ProblemData>, reason?: Reason): ApiError {
  const Kind = ERRORS[response.status] ?? (response.status >= 500 ? ServerError : ApiError);
  return new Kind(response, reason);
}

/** No complete answer arrived: the server cannot be reached, or the connection broke. */
export class ConnectionError extends Error {
  override readonly name: string = 'ConnectionError';
  declare readonly code: 'network' | 'timeout';
  /** Always undefined, so that `error.response?.status` works for both kinds of error. */
  declare readonly response: undefined;

  constructor(code: 'network' | 'timeout', message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

/** No complete answer arrived within the time-out. */
export class TimeoutError extends ConnectionError {
  override readonly name = 'TimeoutError';
}

/** A required parameter is missing: nothing was sent. */
export class RequiredError extends TypeError {
  override readonly name = 'RequiredError';
  declare readonly field: string;

  constructor(field: string, message: string) {
    super(message);
    this.field = field;
  }
}

/** Retry-After (RFC 9110 10.2.3) in seconds from now: a number, or a date. */
function retryAfter(header = ''): number | undefined {
  const seconds = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1000;
  return seconds >= 0 ? seconds : undefined;
}
