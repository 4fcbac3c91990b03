import type { Archive } from '../chain/archive.ts';
import { recordLine } from '../chain/archive-line.ts';
import type { Log } from '../log/log.ts';
import type { OperationStore } from '../store/ports/gateway/operations.ts';
import type { IdempotencyStore } from '../store/ports/idempotency.ts';
import type { LeaseStore } from '../store/ports/logs/chains.ts';
import type { OldRecordKind, OldRecordStore } from '../store/ports/logs/old-records.ts';
import type { OutboxStore } from '../store/ports/outbox.ts';
import type { SessionStore } from '../store/ports/sessions.ts';
import { startJob } from './job.ts';

const INTERVAL_MS = 60_000;
/** Longer than a slice takes. A node that crashes keeps the others away for as long. */
const LEASE_MS = 30_000;
/** Rows per statement, so that requests in between do not wait. */
const SLICE = 500;
/**
 * The clocks of servers that share a store differ by less. A session that one deletes would otherwise be unknown while its
 * TransactionID is valid for another, and could be opened again.
 */
const CLOCK_DIFFERENCE_MS = 300_000;

export type ExpiryJob = {
  readonly store: SessionStore &
    IdempotencyStore &
    OutboxStore &
    OldRecordStore &
    LeaseStore &
    Pick<OperationStore, 'deleteOldOperations'>;
  /** The name of this process among those that share the store. */
  readonly node: string;
  readonly log: Log;
  /** How long an expired session can still be read. */
  readonly sessionDays: number;
  /** How long responses to requests with an Idempotency-Key are stored. */
  readonly idempotencyHours: number;
  /** How long finished deliveries, and operations at upstreams, are stored. */
  readonly deliveryDays: number;
  /** Absent: sessions and deliveries that are deleted are gone. */
  readonly archive?: Archive | undefined;
};

/**
 * Starts a job that deletes old sessions, stored responses and finished deliveries once a minute. The returned
 * function stops it and waits for the current run.
 */
export function startExpiryJob(expiry: ExpiryJob): () => Promise<void> {
  return startJob('expiry', { everyMs: INTERVAL_MS, isDelayed: true }, () => removeExpired(expiry));
}

/** Sessions that expired before that time can be deleted (Unix milliseconds). */
export function deletableBefore(now: number, sessionDays: number): number {
  return now - Math.max(sessionDays * 86_400_000, CLOCK_DIFFERENCE_MS);
}

/** Deletes until a slice is not full; resolves to the number of rows. */
export async function deleteInSlices(deleteSome: (most: number) => Promise<number>): Promise<number> {
  let sum = 0;
  for (;;) {
    const deleted = await deleteSome(SLICE);
    sum += deleted;
    if (deleted < SLICE) return sum;
  }
}

/** One run. An error is logged and the next run tries again: expired sessions are refused in any case. */
async function removeExpired(expiry: ExpiryJob): Promise<void> {
  const { store, log, sessionDays, idempotencyHours, deliveryDays } = expiry;
  const now = Date.now();
  try {
    const removed = await deleteOld(expiry, 'session', deletableBefore(now, sessionDays));
    if (removed > 0) log.debug('expired sessions were deleted', { count: removed });
    const startedBefore = now - idempotencyHours * 3_600_000;
    await deleteInSlices((most) => store.deleteRequestsBefore(startedBefore, most));
    const finishedBefore = now - deliveryDays * 86_400_000;
    await deleteOld(expiry, 'delivery', finishedBefore);
    await deleteInSlices((most) => store.deleteOldOperations(finishedBefore, most));
  } catch (error) {
    log.error(
      'old sessions, stored answers or deliveries could not be deleted; the server tries again in a minute',
      { err: error },
    );
  }
}

type Deletion = Pick<ExpiryJob, 'store' | 'node' | 'archive'>;

/** Deletes what is older than a time; resolves to the number of records. */
export async function deleteOld(deletion: Deletion, kind: OldRecordKind, before: number): Promise<number> {
  const { store, archive } = deletion;
  if (archive !== undefined) return archiveOld({ ...deletion, archive }, kind, before);
  return deleteInSlices((most) =>
    kind === 'session' ? store.deleteExpiredSessions(before, most) : store.deleteOldDeliveries(before, most),
  );
}

/** First the archive: who is killed in between has the records twice, and never loses one. One node does it at a time. */
async function archiveOld(
  { store, node, archive }: Required<Deletion> & { readonly archive: Archive },
  kind: OldRecordKind,
  before: number,
): Promise<number> {
  return deleteInSlices(async (most) => {
    const now = Date.now();
    if (!(await store.takeLease({ name: `old ${kind}`, node, now, until: now + LEASE_MS }))) return 0;
    const records = await store.oldRecords(kind, before, most);
    if (records.length === 0) return 0;
    await archive.append(
      kind,
      now,
      records.map((record) => recordLine(kind, record)),
    );
    return (await store.deleteOldRecords(kind, records)) ? records.length : 0;
  });
}
