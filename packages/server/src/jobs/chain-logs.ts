import type { Random } from '@esim-rsp/sgp22/crypto/random';
import { firstHead, linkEntry } from '../chain/link.ts';
import { takeTurn } from '../limits/turns.ts';
import type { Log } from '../log/log.ts';
import {
  type Chain,
  type ChainLink,
  type ChainStore,
  type LeaseStore,
  type LogEntry,
  type LogName,
  logNames,
} from '../store/ports/logs/chains.ts';
import { startJob } from './job.ts';

const INTERVAL_MS = 1000;
/** Entries that get links in one transaction. */
const SLICE = 200;
/** Longer than a slice takes. A node that crashes keeps the others away for as long. */
const LEASE_MS = 30_000;

export type ChainJob = {
  readonly store: ChainStore & LeaseStore;
  /** The name of this process among those that share the store. */
  readonly node: string;
  readonly random: Random;
  readonly log: Log;
};

/**
 * Starts a job that chains new entries of the logs once a second, on one node at a time. What was there before the first start is chained as
 * well. The returned function stops it and waits for the current slice.
 */
export function startChainJob(job: ChainJob): () => Promise<void> {
  let hasFailed = false;
  return startJob('chain_logs', { everyMs: INTERVAL_MS }, async () => {
    const before = performance.now();
    try {
      const isBusy = await chainSlices(job);
      hasFailed = false;
      // a long backlog leaves half of the time to others
      return isBusy ? performance.now() - before : undefined;
    } catch (error) {
      if (!hasFailed)
        job.log.error('the entries of the logs could not be chained; the server tries again', { err: error });
      hasFailed = true;
      return undefined;
    }
  });
}

/** A slice of each log; true: there may be more. */
export async function chainSlices(job: Omit<ChainJob, 'log'>): Promise<boolean> {
  let isBusy = false;
  for (const log of logNames) if (await chainSlice(job, log)) isBusy = true;
  return isBusy;
}

async function chainSlice({ store, node, random }: Omit<ChainJob, 'log'>, log: LogName): Promise<boolean> {
  const position = await store.chainPosition(log);
  const entries = await store.entriesToChain(log, position.lastEntry, SLICE);
  const last = entries.at(-1);
  if (last === undefined) return false;
  const now = Date.now();
  if (!(await store.takeLease({ name: 'chain', node, now, until: now + LEASE_MS }))) return false;
  const byAccount = Map.groupBy(entries, ({ account }) => account);
  const opened = await store.openChains(log, [...byAccount.keys()], (account) => firstHead(log, account));
  const chains = [];
  for (const chain of opened) {
    await takeTurn();
    chains.push(extend(chain, byAccount.get(chain.account) ?? [], random));
  }
  const result = await store.addLinks({ log, position, upTo: last.id, chains });
  return result === 'stale' || entries.length === SLICE;
}

function extend(chain: Chain, entries: readonly LogEntry[], random: Random) {
  const links: ChainLink[] = [];
  let { head } = chain;
  for (const entry of entries) {
    const link = linkEntry(head, entry, random);
    links.push(link);
    head = link.head;
  }
  return { number: chain.number, lastEntry: links.at(-1)?.entry ?? chain.lastEntry, head, links };
}
