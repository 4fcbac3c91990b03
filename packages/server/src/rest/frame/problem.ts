import { DerError } from '@esim-rsp/codec';
import { ProfilePackageError } from '@esim-rsp/sgp22/profile/read';
import { Refusal } from '@esim-rsp/sgp22/status';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';
import { type Static, Type } from '@sinclair/typebox';
import type { FastifyError } from 'fastify';
import { CodingError } from '../../http/content-coding.ts';
import { TooManyTaken } from '../../limits/availability.ts';
import { BUSY_RETRY_SECONDS, TooMuchError } from '../../limits/load.ts';
import { named } from '../../shapes/shape.ts';
import { StoreUnavailable } from '../../store/ports/store-error.ts';
import { UnreadableRecordError } from '../../store/ports/unreadable-rows.ts';
import { ProblemCode } from './problem-code.ts';

const ProblemField = named(
  'ProblemField',
  Type.Object(
    {
      field: Type.String({
        description:
          'A JSON pointer into the body, such as /parameters/ki, or the name of a parameter or member',
      }),
      message: Type.String({ description: 'What is wrong with it' }),
    },
    { description: 'A member of a request that is not valid' },
  ),
);
export type ProblemField = Static<typeof ProblemField>;

export const Problem = Type.Object(
  {
    type: Type.String({ description: 'about:blank' }),
    title: Type.String({ description: 'The HTTP status in words' }),
    status: Type.Number({ description: 'The HTTP status' }),
    detail: Type.String({ description: 'What happened, why, and what to do' }),
    instance: Type.String({ description: 'The path of the request' }),
    message: Type.String({ description: 'The same sentence as detail' }),
    statusCode: Type.Number({ description: 'The same number as status' }),
    code: ProblemCode,
    request_id: Type.String({ description: 'x-request-id of the answer: quote it when you report a fault' }),
    errors: Type.Optional(
      Type.Array(ProblemField, { description: 'The members of the request that are not valid' }),
    ),
  },
  {
    $id: 'Problem',
    description:
      'The body of every error answer: RFC 9457, with the members message and statusCode of the first API',
  },
);
export type Problem = Static<typeof Problem>;

/** An error answer: its HTTP status, a stable word for programs and a sentence for people. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem';
  readonly status: number;
  readonly code: ProblemCode;
  readonly errors: readonly ProblemField[] | undefined;
  /** Seconds after which the caller may try again. */
  readonly retryAfter: number | undefined;

  constructor(
    status: number,
    code: ProblemCode,
    detail: string,
    errors?: readonly ProblemField[],
    retryAfter?: number,
  ) {
    super(detail);
    this.status = status;
    this.code = code;
    this.errors = errors;
    this.retryAfter = retryAfter;
  }
}

/** The answer to a request that has waited too long. */
export function busy(): HttpProblem {
  const detail = `the server has too much to do: try again in ${BUSY_RETRY_SECONDS} seconds`;
  return new HttpProblem(503, 'busy', detail, undefined, BUSY_RETRY_SECONDS);
}

const titles: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  409: 'Conflict',
  413: 'Payload Too Large',
  414: 'URI Too Long',
  415: 'Unsupported Media Type',
  417: 'Expectation Failed',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  431: 'Request Header Fields Too Large',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

/** What the refusals of the SM-DP+ are over HTTP. */
const refusalProblems: Readonly<Record<string, readonly [status: number, code: ProblemCode]>> = {
  '8.2.1/3.9': [404, 'profile_not_found'],
  '8.2.1/3.3': [409, 'profile_not_available'],
  '8.2.1/3.10': [409, 'imsi_in_use'],
  '8.2.1/3.5': [409, 'invalid_transition'],
  '8.2.1/3.1': [409, 'upstream_unsupported'],
  '8.2.5/3.9': [404, 'profile_type_not_found'],
  '8.2.5/3.7': [409, 'out_of_stock'],
  '8.2.6/3.3': [409, 'matching_id_in_use'],
  '8.1.1/2.2': [400, 'eid_required'],
  '1.2/4.4': [503, 'busy'],
};

const databaseAway = 'the database is not available now: try again, and first look whether a change was made';

/** The one place that turns whatever was thrown into a problem; undefined: a bug. */
export function problemOf(error: unknown): HttpProblem | undefined {
  if (error instanceof HttpProblem) return error;
  if (error instanceof Refusal) {
    const { subjectCode, reasonCode, message } = error.status;
    const [status, code] = refusalProblems[`${subjectCode}/${reasonCode}`] ?? [409, 'refused'];
    return new HttpProblem(status, code, message);
  }
  if (error instanceof UnreadableRecordError)
    return new HttpProblem(500, 'record_unreadable', `${error.message}: restore it from a backup`);
  if (error instanceof TooMuchError) return busy();
  if (error instanceof StoreUnavailable)
    return new HttpProblem(503, 'busy', databaseAway, undefined, BUSY_RETRY_SECONDS);
  if (error instanceof TooManyTaken)
    return new HttpProblem(429, 'rate_limited', error.message, undefined, error.seconds);
  if (error instanceof ProfilePackageError)
    return new HttpProblem(400, 'invalid_profile_package', error.message);
  if (error instanceof ValueError) return valueProblem(error);
  if (error instanceof DerError) return new HttpProblem(400, 'invalid_value', error.message);
  if (error instanceof CodingError) return new HttpProblem(400, 'bad_request', error.message);
  return frameworkProblem(error);
}

/** A field is named as callers write it: `serviceProviderName` is `service_provider_name` here. */
function valueProblem({ expected, field: own }: ValueError): HttpProblem {
  if (own === undefined) return new HttpProblem(400, 'invalid_value', expected);
  const field = own.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return new HttpProblem(400, 'invalid_value', `${field} ${expected}`, [{ field, message: expected }]);
}

/** What Fastify refuses before a handler is called. */
function frameworkProblem(error: unknown): HttpProblem | undefined {
  const { code, statusCode, message } = error as Partial<FastifyError>;
  switch (code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new HttpProblem(413, 'payload_too_large', 'the body is larger than this operation takes');
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new HttpProblem(
        415,
        'unsupported_media_type',
        'send the body as Content-Type: application/json',
      );
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return new HttpProblem(400, 'invalid_json', 'the body is not JSON');
    default:
  }
  if (error instanceof SyntaxError && statusCode === 400)
    return new HttpProblem(400, 'invalid_json', 'the body is not JSON');
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return new HttpProblem(statusCode, 'bad_request', message ?? 'the request cannot be read');
  return undefined;
}

/** The body of every error answer (RFC 9457, and the members of the first API). */
export function problemBody(problem: HttpProblem, instance: string, requestId: string): Problem {
  const { status, code, message, errors } = problem;
  return {
    type: 'about:blank',
    title: titles[status] ?? 'Error',
    status,
    detail: message,
    instance,
    message,
    statusCode: status,
    code,
    request_id: requestId,
    ...(errors !== undefined && { errors: [...errors] }),
  };
}
