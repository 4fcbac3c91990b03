import type { Log } from '../log/log.ts';
import { inScope } from '../log/scope.ts';
import type { ApiKeyStore } from '../store/ports/api-keys.ts';

const INTERVAL_SECONDS = 60;

/** Collects in memory when API keys were used, so that no request waits for the store. */
export type KeyUses = {
  /** `now`: Unix milliseconds. */
  readonly record: (keyId: string, now: number) => void;
  /** Stores the uses collected since the last flush. */
  readonly flush: () => Promise<void>;
};

export function collectKeyUses(store: Pick<ApiKeyStore, 'recordKeyUses'>): KeyUses {
  let collected = new Map<string, number>();
  return {
    record: (keyId, now) => void collected.set(keyId, now),
    flush: async () => {
      const uses = [...collected].map(([id, at]) => ({ id, at: Math.floor(at / 1000) }));
      collected = new Map();
      if (uses.length > 0) await store.recordKeyUses(uses);
    },
  };
}

/** Starts a job that flushes once a minute and when it stops. After a crash the last minute is lost, which does no harm. */
export function startKeyUsesJob(uses: KeyUses, log: Log): () => Promise<void> {
  const flush = () =>
    inScope({ job: 'key_uses' }, () =>
      uses
        .flush()
        .catch((err) =>
          log.error('when API keys were last used could not be stored: those times are lost', { err }),
        ),
    );
  const timer = setInterval(flush, INTERVAL_SECONDS * 1000);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await flush();
  };
}
