import type { Random } from '@esim-rsp/sgp22/crypto/random';
import type { Log } from '../log/log.ts';
import type { TransactionSecret, TransactionSecretStore } from '../store/ports/transaction-secrets.ts';
import { startJob } from './job.ts';

const INTERVAL_SECONDS = 60;
const BYTES = 32;
/** How long a secret is in force: as long as the longest session may take (ESIM_SESSION_SECONDS). */
const IN_FORCE_MS = 86_400_000;
/** A new secret is stored that long before it is used, so that all servers have read it by then. */
const NOTICE_MS = 5 * INTERVAL_SECONDS * 1000;
/** The next one, the one in force, and those before whose last transactions may still be open. */
const KEPT = 4;

/** The secrets of transactions in memory, so that no call of ES9+ waits for the store. */
export type TransactionSecrets = {
  /** The secret in force at that time (Unix milliseconds). Before the first one began, that one: clocks differ. */
  readonly at: (time: number) => Uint8Array | undefined;
  /** Reads the secrets of the store again, and stores a new one if the newest was in force for a day. */
  readonly refresh: (now: number) => Promise<void>;
};

type Parts = { readonly store: TransactionSecretStore; readonly random: Random };

/** Reads the secrets; the first server of a store generates the first one. */
export async function openTransactionSecrets(parts: Parts, now: number): Promise<TransactionSecrets> {
  let known: readonly TransactionSecret[] = [];
  const refresh = async (at: number) => {
    known = await readAndRotate(parts, at);
  };
  await refresh(now);
  return {
    refresh,
    at: (time) => (known.findLast(({ beginsAt }) => beginsAt <= time) ?? known[0])?.secret,
  };
}

async function readAndRotate({ store, random }: Parts, now: number): Promise<readonly TransactionSecret[]> {
  const known = await store.transactionSecrets();
  const next = nextOne(known.at(-1), now);
  if (next === undefined) return known;
  await store.addTransactionSecret({ ...next, secret: random(BYTES) }, KEPT);
  return store.transactionSecrets(); // another server may have been first
}

/** Number and begin of the secret to add, if it is time for one. The first is in force at once. */
function nextOne(newest: TransactionSecret | undefined, now: number) {
  if (newest === undefined) return { number: 1, beginsAt: now };
  const { number, beginsAt } = newest;
  return now < beginsAt + IN_FORCE_MS - NOTICE_MS
    ? undefined
    : { number: number + 1, beginsAt: Math.max(beginsAt + IN_FORCE_MS, now + NOTICE_MS) };
}

/** Starts a job that refreshes the secrets once a minute. The returned function stops it and waits for the current run. */
export function startTransactionSecretsJob(secrets: TransactionSecrets, log: Log): () => Promise<void> {
  return startJob('transaction_secrets', { everyMs: INTERVAL_SECONDS * 1000, isDelayed: true }, () =>
    secrets
      .refresh(Date.now())
      .catch((err) =>
        log.error(
          'the secrets of transactions could not be read or rotated; the server tries again in a minute',
          { err },
        ),
      ),
  );
}
