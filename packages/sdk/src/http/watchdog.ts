import { ConnectionError, TimeoutError } from '../errors.ts';

/** `setTimeout` takes no more. */
const LONGEST_TIMER = 2 ** 31 - 1;

export type Watchdog = ReturnType<typeof createWatchdog>;

/** Ends an exchange when nothing arrives for too long, or when the caller aborts. `explain` writes the message of an error. */
export function createWatchdog(caller: AbortSignal | undefined, explain: (why: string) => string) {
  let stop = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const abort = () => stop.abort(caller?.reason);
  caller?.throwIfAborted();
  caller?.addEventListener('abort', abort);
  const broken = (why: string, cause?: unknown) => new ConnectionError('network', explain(why), cause);

  return {
    /** The error for an exchange that broke. */
    broken,

    /** For `fetch`. */
    signal: () => stop.signal,

    /** From now on, something has to arrive within this time in milliseconds; 0 for no limit. */
    expect(timeout: number): void {
      clearTimeout(timer);
      const expire = () =>
        stop.abort(new TimeoutError('timeout', explain(`nothing arrived within ${timeout} ms`)));
      if (timeout > 0) timer = setTimeout(expire, Math.min(timeout, LONGEST_TIMER));
    },

    /** Waits for a part of the answer. */
    async watch<T>(part: Promise<T>): Promise<T> {
      try {
        return await part;
      } catch (cause) {
        stop.signal.throwIfAborted();
        throw broken(reasonOf(cause), cause);
      }
    },

    /** Waits before the next attempt. */
    async sleep(milliseconds: number): Promise<void> {
      stop = new AbortController();
      caller?.throwIfAborted();
      clearTimeout(timer);
      await new Promise<void>((resolve, reject) => {
        timer = setTimeout(resolve, milliseconds);
        stop.signal.onabort = () => reject(caller?.reason);
      });
    },

    end(): void {
      clearTimeout(timer);
      caller?.removeEventListener('abort', abort);
    },
  };
}

/** Why `fetch` failed, in words: in Node they are in the cause. */
function reasonOf(error: unknown): string {
  const { cause, message } = error as { cause?: { message?: string; code?: string }; message?: string };
  return cause?.message || cause?.code || String(message);
}
