const MOST_LETTERS = 500;
const MOST_FRAMES = 15;

/** What the log has of an error. */
export type ReducedError = {
  readonly name: string;
  readonly code?: string;
  readonly message: string;
  /** Where it happened, without the message. */
  readonly stack?: string;
};

/** Name, code, message and place of an error. Its other members can have what a caller sent, or what a database stores. */
export function reduceError(error: unknown): ReducedError {
  if (!(error instanceof Error))
    return { name: typeof error, message: 'something was thrown that is no error' };
  const { name, message, stack } = error;
  const { code } = error as NodeJS.ErrnoException;
  const frames = stack?.split('\n').filter((line) => /^\s+at /.test(line));
  return {
    name: String(name).slice(0, 64),
    ...(typeof code === 'string' && { code: code.slice(0, 64) }),
    message: withoutValues(message),
    ...(frames !== undefined && frames.length > 0 && { stack: frames.slice(0, MOST_FRAMES).join('\n') }),
  };
}

/** What is in quotes, long numbers and long hexadecimal texts: they can be codes, keys and numbers of subscriptions. */
const VALUES = /(?<!(?:reading|setting) )(?:'[^']*'|"[^"]*"|`[^`]*`)|\d{8,}|[0-9A-Fa-f]{16,}/g;

/** A message of an error without the values in it. The names of members in messages of JavaScript stay. */
export function withoutValues(message: string): string {
  return String(message).slice(0, MOST_LETTERS).replace(VALUES, '…');
}
