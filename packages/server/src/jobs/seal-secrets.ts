import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../log/log.ts';
import type { SecretStore } from '../store/ports/secrets/secret-store.ts';
import { startJob } from './job.ts';

const INTERVAL_MS = 60_000;
/** Other work comes between two parts of a table. */
const PAUSE_MS = 20;
/** A data key seals a quarter of the values that random nonces allow (2^32) at most. */
const MOST_SEALED = 2 ** 30;
/** Every process has read a new data key by then. */
const NOTICE_MS = 60_000;

type Parts = { readonly store: SecretStore; readonly log: Log };

/**
 * Starts a job that seals what was stored before secrets were sealed, or with an earlier data key, and adds a data key when the newest has sealed many
 * values. The returned function stops it and waits for the current part.
 */
export function startSealingJob(parts: Parts): () => Promise<void> {
  return startJob('seal_secrets', { everyMs: INTERVAL_MS }, (stopping) =>
    sealAll(parts, stopping).catch((error) => {
      if (!stopping.aborted) parts.log.error('stored secrets could not be sealed', { err: error });
    }),
  );
}

async function sealAll({ store, log }: Parts, signal: AbortSignal): Promise<void> {
  const { masterKey, dataKeys } = await store.secretsStatus();
  const newest = dataKeys.at(-1);
  if (masterKey === undefined || newest === undefined) {
    log.warn(
      "the secrets in the database are not sealed: when all servers have this release, run 'esim secrets seal'",
    );
    return;
  }
  if (newest.sealed >= MOST_SEALED) await store.addDataKey(Date.now() + NOTICE_MS);
  let sealed = 0;
  for (let part = await store.sealSome(); part.table !== undefined; part = await store.sealSome()) {
    sealed += part.sealed;
    if (part.rows > 0) await sleep(PAUSE_MS, undefined, { signal });
    signal.throwIfAborted();
  }
  await store.refusePlain();
  if (sealed > 0) log.info(`sealed ${sealed} secrets that were stored before`);
}
