/** The core network did not do what it was asked to. The message has no key, and nothing that a foreign program wrote unseen. */
export class CoreError extends Error {
  override readonly name = 'CoreError';
  /** HTTP status, if there was one. */
  readonly status: number | undefined;
  /** Seconds, from the Retry-After header. */
  readonly retryAfter: number | undefined;

  constructor(message: string, { status, retryAfter }: { status?: number; retryAfter?: number } = {}) {
    super(message);
    this.status = status;
    this.retryAfter = retryAfter;
  }
}

/** What a program says about an error, in one short line, without what could be a key. */
export function wordsOf(text: string): string {
  return text
    .replace(/[\p{C}\s]+/gu, ' ')
    .replace(/[0-9A-Za-z+/_-]{16,}={0,2}/g, '…')
    .trim()
    .slice(0, 120);
}
