import { ApiError, type ApiResponse, type ProblemData } from './errors.ts';
import type { Problem } from './models.ts';

/** An answer as a plain object. */
export function answered<T>({ status, statusText, headers }: Response, data: T): ApiResponse<T> {
  return { status, statusText, headers: Object.fromEntries(headers), data };
}

/** Rejects an answer that is not of the 200s, with what it says of the reason. */
export function refuse(response: Response, text: string): never {
  const answer = answered(response, problemOf(text));
  const redirected = response.type === 'opaqueredirect' || (response.status >= 300 && response.status < 400);
  if (!redirected) throw new ApiError(answer);
  const message = `The server redirects to ${answer.headers.location ?? 'another address'}: is basePath right?`;
  throw new ApiError(answer, { code: 'redirected', message });
}

function problemOf(text: string): ProblemData {
  try {
    const value: Partial<Problem> | null = JSON.parse(text);
    if (typeof value?.message === 'string') return value as Problem;
  } catch {
    // Not JSON: a proxy's page, most likely.
  }
  return text;
}

/** The JSON in an answer. */
export async function json<T>(answer: ApiResponse<Blob>): Promise<ApiResponse<T>> {
  const text = await answer.data.text();
  try {
    return { ...answer, data: JSON.parse(text) as T };
  } catch {
    throw unexpected(answer, text, 'JSON');
  }
}

/** The image in an answer, as a file. */
export async function image(
  answer: ApiResponse<Blob>,
  name: string,
  type: string,
): Promise<ApiResponse<File>> {
  const given = answer.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (given !== type) throw unexpected(answer, await answer.data.text(), type);
  return { ...answer, data: new File([answer.data], name, { type }) };
}

function unexpected(answer: ApiResponse<Blob>, text: string, wanted: string): ApiError {
  const given = answer.headers['content-type'] ?? 'no content type';
  const message = `The server answered ${given} in place of ${wanted}: is basePath right?`;
  return new ApiError({ ...answer, data: text }, { code: 'unexpected_answer', message });
}
