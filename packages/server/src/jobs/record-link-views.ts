import type { Log } from '../log/log.ts';
import { startJob } from './job.ts';

const INTERVAL_MS = 5000;

/** Views that were collected in memory. */
type Views = { readonly flush: () => Promise<void> };

/**
 * Starts a job that stores the views of install links every few seconds. The returned function stops it and stores the rest. After a crash the last
 * seconds are lost, which does no harm.
 */
export function startLinkViewsJob(views: Views, log: Log): () => Promise<void> {
  const flush = () =>
    views
      .flush()
      .catch((err) => log.error('views of install links could not be stored: they are lost', { err }));
  const stop = startJob('link_views', { everyMs: INTERVAL_MS, isDelayed: true }, flush);
  return async () => {
    await stop();
    await flush();
  };
}
