import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import type { Env } from '@esim-rsp/smdp/env';
import { cancelAnywhere } from '@esim-rsp/smdp/gateway/anywhere';
import { reserveAhead } from '@esim-rsp/smdp/gateway/reserveAhead';
import { run } from '@esim-rsp/smdp/run';
import type { Log } from '../log/log.ts';
import type { OperationStore, Reservations } from '../store/ports/gateway/operations.ts';
import { faultOf, mostLookedAt } from '../store/ports/gateway/reservations.ts';
import type { GatewayStore, UpstreamType } from '../store/ports/gateway/upstreams.ts';
import type { LeaseStore } from '../store/ports/logs/chains.ts';
import { startJob } from './job.ts';

const INTERVAL_MS = 1000;
/** Longer than a run takes. A node that crashes keeps the others away for as long. */
const LEASE_MS = 60_000;

export type KeepReadyJob = {
  readonly store: GatewayStore & Pick<OperationStore, 'reservations'> & LeaseStore;
  readonly env: () => Env;
  /** The name of this process among those that share the store. */
  readonly node: string;
  /** Called when something was requested from an upstream. */
  readonly requested: () => void;
  readonly log: Pick<Log, 'error'>;
};

/**
 * Starts a job that orders ahead at upstreams, on one node at a time: when fewer profiles of a type are ready than are to be, a batch more is reserved.
 * The returned function stops it and waits for the current run.
 */
export function startKeepReadyJob(job: KeepReadyJob): () => Promise<void> {
  const filling = new Set<string>();
  const report = (err: unknown) =>
    job.log.error('orders ahead at an upstream could not be requested; the server tries again', { err });
  return startJob('keep_ready', { everyMs: INTERVAL_MS }, async () => {
    const types = await job.store.typesKeptReady().catch(report);
    for (const type of types ?? []) await keepTypeReady(job, type, filling).catch(report);
  });
}

/** `filling`: the types of which a batch is not complete yet. */
async function keepTypeReady(job: KeepReadyJob, type: UpstreamType, filling: Set<string>): Promise<void> {
  const { store, env, node, requested } = job;
  const upstream = await store.upstream(type.account, type.upstream);
  if (upstream === undefined) return;
  const found = await store.reservations(type, mostLookedAt(type));
  const { now } = env();
  const key = `${type.account} ${type.profileType}`;
  if (found.ready + found.open < type.keepReady) filling.add(key);
  const missing = filling.has(key) ? missingIn(type, found) : 0;
  if (missing === 0) filling.delete(key);
  const expired = upstream.dialect.takesBack === 'never' ? undefined : expiredIn(type, found, now);
  const count = Math.min(missing, upstream.dialect.concurrency - found.open, mostNow(found, now));
  if (count <= 0 && expired === undefined) return;
  if (!(await store.takeLease({ name: 'keep_ready', node, now, until: now + LEASE_MS }))) return;
  for (let i = 0; i < count; i++) await run(reserveAhead, type, store, env());
  if (expired !== undefined)
    await run(
      cancelAnywhere,
      { account: type.account, iccid: expired, finalState: 'AVAILABLE' },
      store,
      env(),
    );
  requested();
}

/** How many more make the batch complete: one below the mark, and the batch. */
function missingIn({ keepReady, batch }: UpstreamType, { ready, open }: Reservations): number {
  return Math.max(0, keepReady - 1 + batch - ready - open);
}

/** One at a time, and only while others are ready: its place is filled again. */
function expiredIn({ readyDays }: UpstreamType, { oldest }: Reservations, now: number): Iccid | undefined {
  if (readyDays === 0 || oldest === undefined) return undefined;
  return (oldest.releasedAt + readyDays * 86_400) * 1000 <= now ? oldest.iccid : undefined;
}

/** After a failure there is a pause, and then one attempt. */
function mostNow(found: Reservations, now: number): number {
  const { retryAt } = faultOf(found) ?? {};
  if (retryAt === undefined) return Number.POSITIVE_INFINITY;
  return now < retryAt ? 0 : 1;
}
