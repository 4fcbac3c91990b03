import { type ApiError, type ApiResponse, apiError, type ProblemData } from '../errors.ts';
import type { Problem } from '../models.ts';

/** An answer with its data. */
export function answerWith<T>(response: Response, data: T): ApiResponse<T> {
  const { status, statusText, headers } = response;
  const requestId = headers.get('x-request-id') ?? undefined;
  const answer = { status, statusText, headers: Object.fromEntries(headers), data, requestId };
  return Object.defineProperty(answer, 'response', { value: response }) as ApiResponse<T>;
}

/** The error for an answer that is not of the 200s, with the reason in its body. */
export function refusal(response: Response, text: string): ApiError {
  // Below 400 are redirects only; browsers hide their status, which is 0 then.
  if (response.status < 400) return unexpected(response, text, 'an answer');
  return apiError(answerWith(response, problemIn(text)));
}

function problemIn(text: string): ProblemData {
  try {
    const value: Partial<Problem> | null = JSON.parse(text);
    if (typeof value?.message === 'string') return value as Problem;
  } catch {
    // Not JSON: a proxy's page, most likely.
  }
  return text;
}

/** The JSON in an answer; undefined where the status says that there is no content. */
export async function json<T>({ response, data }: ApiResponse<Blob>): Promise<ApiResponse<T>> {
  const text = response.status === 204 ? undefined : await data.text();
  try {
    return answerWith(response, text && JSON.parse(text));
  } catch {
    throw unexpected(response, text ?? '', 'JSON');
  }
}

/** The image in an answer, as a file. */
export async function image(
  { response, data }: ApiResponse<Blob>,
  name: string,
  type: string,
): Promise<ApiResponse<File>> {
  mustBe(type, response, await data.text());
  return answerWith(response, new File([data], name, { type }));
}

/** Refuses an answer of another media type, with its body. */
export function mustBe(type: string, response: Response, text: string): void {
  if (!response.headers.get('content-type')?.toLowerCase().startsWith(type))
    throw unexpected(response, text, type);
}

/** The error for a redirect, or an answer of another kind than the call needs. */
export function unexpected(response: Response, text: string, wanted: string): ApiError {
  const { ok, headers } = response;
  const what = ok
    ? (headers.get('content-type') ?? 'no content type')
    : `a redirect to ${headers.get('location') ?? 'another address'}`;
  const message = `The server answered ${what} in place of ${wanted}: is basePath right?`;
  return apiError(answerWith(response, text), { code: ok ? 'unexpected_answer' : 'redirected', message });
}
