import type { Logger } from 'pino';
import type { ServerStore } from '../store/store.ts';

const EVERY_SECONDS = 60;

/** Collects when keys were used, so that no request waits for it, and writes it down once a minute. */
export type KeyUses = {
  /** `now`: Unix milliseconds. */
  readonly used: (keyId: string, now: number) => void;
  /** Writes what was collected since the last time. */
  readonly flush: () => Promise<void>;
};

export function keyUses(store: ServerStore): KeyUses {
  let collected = new Map<string, number>();
  return {
    used: (keyId, now) => void collected.set(keyId, now),
    flush: async () => {
      const uses = [...collected].map(([id, at]) => ({ id, at: Math.floor(at / 1000) }));
      collected = new Map();
      if (uses.length > 0) await store.noteKeyUses(uses);
    },
  };
}

/** Flushes once a minute and at the end. A minute that is lost is no loss. */
export function noteKeyUses(uses: KeyUses, log: Logger): () => Promise<void> {
  const flush = () =>
    uses.flush().catch((error) => log.error({ err: error }, 'uses of keys could not be noted'));
  const timer = setInterval(flush, EVERY_SECONDS * 1000);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await flush();
  };
}
