import type { Log } from '../log/log.ts';

/** A value that is read from files, and read again when they change. */
export type ReloadedFiles<T> = {
  /** For the log: 'the TLS certificate of ES9+ and ES2+'. */
  readonly what: string;
  readonly first: T;
  /** Resolves to a text that changes when the files change. */
  readonly fingerprint: () => Promise<string>;
  /** Reads and checks the files. If it rejects, the previous value stays in use. */
  readonly read: () => Promise<T>;
  readonly log: Pick<Log, 'info' | 'warn'>;
};

export type Reloaded<T> = {
  readonly current: () => T;
  /** Looks at the files now. */
  readonly check: () => Promise<void>;
  /** Stops the regular checks, and waits for the one that is running. */
  readonly stop: () => Promise<void>;
};

const INTERVAL_MS = 5000;

/** Looks at the files every five seconds, so that a certificate can be renewed without a restart. */
export function reloadFiles<T>({ what, first, fingerprint, read, log }: ReloadedFiles<T>): Reloaded<T> {
  let value = first;
  let seen: string | undefined;
  let failure: string | undefined;
  const look = async () => {
    try {
      const now = await fingerprint();
      if (seen !== undefined && now !== seen) {
        value = await read();
        log.info(`read ${what} again: new connections use it`);
      }
      [seen, failure] = [now, undefined]; // a failed read is tried again, because files are replaced one by one
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (failure !== reason)
        log.warn(`${what} has changed but cannot be used, so the previous one stays in use: ${reason}`);
      failure = reason;
    }
  };
  let running = look();
  const check = () => {
    running = running.then(look);
    return running;
  };
  const timer = setInterval(check, INTERVAL_MS);
  timer.unref();
  return {
    current: () => value,
    check,
    stop: async () => {
      clearInterval(timer);
      await running;
    },
  };
}
