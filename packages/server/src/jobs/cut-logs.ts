import { setTimeout as sleep } from 'node:timers/promises';
import type { Archive } from '../chain/archive.ts';
import { archiveLines } from '../chain/archive-line.ts';
import { type Cutting, LogDiffers, type NextCut, nextCut } from '../chain/next-cut.ts';
import type { Log } from '../log/log.ts';
import type { Chain, LeaseStore, LogName } from '../store/ports/logs/chains.ts';
import { startJob } from './job.ts';

/** How often the job looks: each log has something to delete once a day. */
const INTERVAL_MS = 600_000;
/** Longer than a slice takes. A node that crashes keeps the others away for as long. */
const LEASE_MS = 30_000;
const DAY_MS = 86_400_000;
const PAGE = 500;
/** Events first: an audit entry about an event stays until the event is gone. */
const order = ['event', 'audit'] as const satisfies readonly LogName[];

export type KeepDays = Readonly<Partial<Record<LogName, number>>>;

export type RetentionJob = {
  readonly store: Cutting & LeaseStore;
  /** The name of this process among those that share the store. */
  readonly node: string;
  readonly log: Log;
  /** How long the entries of each log are kept; absent: for ever. */
  readonly keepDays: KeepDays;
  /** Absent: what is deleted is gone. */
  readonly archive?: Archive | undefined;
};

/**
 * Starts a job that deletes old events and audit entries, on one node at a time, a slice in each transaction. The returned function stops it and
 * waits for the current slice.
 */
export function startRetentionJob(job: RetentionJob): () => Promise<void> {
  return startJob('cut_logs', { everyMs: INTERVAL_MS }, async (stopping) => {
    try {
      const count = await cutLogs(job, Date.now(), stopping);
      if (count > 0) job.log.info('old events and audit entries were deleted', { count });
    } catch (error) {
      job.log.error('old events and audit entries could not be deleted; the server tries again', {
        err: error,
      });
    }
  });
}

/** Entries from before this time go: whole days (UTC), so that each chain is cut once a day. */
export function cutBefore(now: number, days: number): number {
  return (Math.floor(now / DAY_MS) - days) * DAY_MS;
}

/** Deletes what is old; resolves to the number of entries. */
export async function cutLogs(job: RetentionJob, now: number, stopping: AbortSignal): Promise<number> {
  let count = 0;
  for (const log of order) {
    const days = job.keepDays[log];
    if (days === undefined) continue;
    for await (const chain of allChains(job.store)) {
      if (stopping.aborted) return count;
      if (chain.log === log)
        count += await cutChain(job, chain, { now, before: cutBefore(now, days) }, stopping);
    }
  }
  return count;
}

async function cutChain(
  job: RetentionJob,
  chain: Chain,
  times: { readonly now: number; readonly before: number },
  stopping: AbortSignal,
): Promise<number> {
  let [count, now]: [number, Chain | undefined] = [0, chain];
  while (now !== undefined && !stopping.aborted) {
    const begin = performance.now();
    const next = await findCut(job, now, times);
    if (next === undefined || !(await cutSlice(job, next, times.now))) return count;
    count += next.cut.entries.length;
    // a long backlog leaves half of the time to others
    await sleep(performance.now() - begin, undefined, { signal: stopping, ref: false }).catch(
      () => undefined,
    );
    now = await job.store.chainOf(chain.log, chain.account);
  }
  return count;
}

/** undefined: nothing of the chain may go now. */
async function findCut(
  { store, log }: RetentionJob,
  chain: Chain,
  times: { readonly now: number; readonly before: number },
): Promise<NextCut | undefined> {
  try {
    return await nextCut(store, chain, times);
  } catch (error) {
    if (!(error instanceof LogDiffers)) throw error;
    const found = await store.chainOf(chain.log, chain.account);
    if (found?.cutEntry !== chain.cutEntry) return undefined; // another node has cut it meanwhile
    log.error('a log is not as it was written: nothing of it is deleted; run `esim audit verify`', {
      err: error,
    });
    return undefined;
  }
}

/** false: another node does it. */
async function cutSlice(
  { store, node, archive }: RetentionJob,
  { cut, pairs }: NextCut,
  day: number,
): Promise<boolean> {
  const now = Date.now();
  if (!(await store.takeLease({ name: 'retention', node, now, until: now + LEASE_MS }))) return false;
  // first the archive: who is killed in between has the entries twice, and never loses one
  const { chain } = cut;
  await archive?.append(chain.log, day, archiveLines(chain, chain.cutHead, pairs));
  return (await store.cut(cut)) === 'done';
}

async function* allChains(store: Cutting): AsyncGenerator<Chain> {
  let after = 0;
  for (;;) {
    const some = await store.chains(after, PAGE);
    yield* some;
    after = some.at(-1)?.number ?? after;
    if (some.length < PAGE) return;
  }
}
