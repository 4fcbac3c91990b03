import type { Logger } from 'pino';
import type { ServerStore } from '../store/port.ts';

const EVERY_SECONDS = 60;

/** Removes sessions that have expired, once a minute. The result stops it and waits for a run under way. */
export function expireSessions(store: ServerStore, log: Logger): () => Promise<void> {
  let underWay = Promise.resolve();
  const timer = setInterval(() => {
    underWay = underWay.then(() => expire(store, log));
  }, EVERY_SECONDS * 1000);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await underWay;
  };
}

/** A failed run is logged and tried again with the next one: an expired session is dead either way. */
async function expire(store: ServerStore, log: Logger): Promise<void> {
  try {
    const removed = await store.removeExpiredSessions(Date.now());
    if (removed > 0) log.debug({ removed }, 'expired sessions removed');
  } catch (error) {
    log.error({ err: error }, 'expired sessions could not be removed');
  }
}
