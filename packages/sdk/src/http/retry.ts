import { type ApiError, ConnectionError } from '../errors.ts';

/** A `Retry-After` of more seconds than this is not waited for. */
const PATIENCE = 60;

/**
 * Milliseconds before the next attempt, or undefined if the request may or must not be sent again. The wait doubles each time
 * (a quarter of a second to eight seconds, with jitter), and is at least `Retry-After`.
 */
export function pauseAfter(method: string, error: unknown, failures: number): number | undefined {
  const { retryAfter = 0 } = error as Partial<ApiError>;
  if (!isWorthRepeating(method, error) || retryAfter > PATIENCE) return undefined;
  const backOff = Math.min(8_000, 250 * 2 ** failures);
  return Math.max(retryAfter * 1_000, backOff / 2) + (Math.random() * backOff) / 2;
}

/**
 * A GET and a DELETE can always be repeated. A POST can, because the server executes an `Idempotency-Key` once: it answers
 * `in_progress` while the first attempt is still at work; after 500 it may have forgotten the key. A PATCH can only be repeated
 * after 429, because then the server did not begin.
 */
function isWorthRepeating(method: string, error: unknown): boolean {
  const { status = 0, code } = error as Partial<ApiError>;
  if (method === 'PATCH' || status === 429) return status === 429;
  const isBusy = [408, 502, 503, 504].includes(status) || code === 'in_progress';
  return isBusy || error instanceof ConnectionError || (status === 500 && method !== 'POST');
}
