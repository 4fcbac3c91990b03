import { type LastAnchor, lineHash, signAnchor } from '../chain/anchor.ts';
import type { AnchorFile } from '../chain/anchor-file.ts';
import type { AnchorKey } from '../chain/anchor-key.ts';
import type { Log } from '../log/log.ts';
import type { Chain, ChainStore, LeaseStore } from '../store/ports/logs/chains.ts';
import type { WebhookStore } from '../store/ports/webhooks.ts';
import { type AnchorReaders, anchorMessages } from './anchor-messages.ts';
import { startJob } from './job.ts';

/** How often the job looks whether it is time. */
const LOOK_MS = 10_000;
const LEASE_MS = 60_000;
/** Heads in one anchor. */
const MOST_HEADS = 1000;

export type AnchorMemory = {
  readonly read: () => LastAnchor | undefined;
  readonly write: (last: LastAnchor) => Promise<void>;
};

export type AnchorJob = {
  readonly store: ChainStore & LeaseStore & Pick<WebhookStore, 'webhooks'>;
  readonly node: string;
  readonly key: AnchorKey;
  /** Remembers the last anchor outside of the database: who can write only there cannot remove anchors unnoticed. */
  readonly memory: AnchorMemory;
  /** Absent: anchors are in the database only. */
  readonly file?: AnchorFile | undefined;
  /** Whether the server has a webhook that gets all anchors. */
  readonly isSentWhole: boolean;
  readonly everyMs: number;
  readonly log: Log;
};

/**
 * Starts a job that signs the heads of all chains that have changed, on one node at a time, sends the anchors to webhooks, and appends them to a
 * file. The returned function stops it.
 */
export function startAnchorJob(job: AnchorJob): () => Promise<void> {
  const writer = anchorWriter(job);
  return startJob('write_anchors', { everyMs: LOOK_MS }, async () => {
    try {
      await writer.writeIfDue(Date.now());
    } catch (error) {
      job.log.error(
        'the heads of the logs could not be signed, or not be written to the file; the server tries again',
        { err: error },
      );
    }
  });
}

export function anchorWriter({
  store,
  node,
  key,
  memory,
  file,
  isSentWhole,
  everyMs,
}: Omit<AnchorJob, 'log'>) {
  /** The entries up to which this process has signed each chain. */
  const signed = new Map<number, number>();
  let isFileBehind = file !== undefined;
  const add = async (chains: readonly Chain[], now: number, readers: AnchorReaders) => {
    const anchor = signAnchor(key, await lastOf({ store, key, memory }), now, chains);
    const messages = anchorMessages(key, anchor, chains, readers);
    if (!(await store.addAnchor(anchor, messages)))
      throw new Error('another process uses the same key for anchors');
    await memory.write({ key: key.id, number: anchor.number, hash: lineHash(anchor.line) });
    for (const { number, lastEntry } of chains) signed.set(number, lastEntry);
  };
  const write = async (now: number) => {
    const readers = { endpoints: await store.webhooks(), isSentWhole };
    let isWritten = false;
    for await (const chains of pagesOfChains(store)) {
      const changed = chains.filter(({ number, lastEntry }) => lastEntry > (signed.get(number) ?? 0));
      if (changed.length === 0) continue;
      await add(changed, now, readers);
      isWritten = true;
    }
    if (!isWritten) await add([], now, readers); // so that the time of the last anchor shows that the job works
  };
  return {
    write,
    /** Signs if the last anchor is old enough, and appends to the file what it does not have. */
    writeIfDue: async (now: number): Promise<void> => {
      const last = await store.lastAnchor();
      const isDue = last === undefined || Math.abs(now - last.at) >= everyMs;
      if (!isDue && !isFileBehind) return;
      if (!(await store.takeLease({ name: 'anchors', node, now, until: now + LEASE_MS }))) return;
      isFileBehind = file !== undefined;
      if (isDue) await write(now);
      await file?.append(store, key.id);
      isFileBehind = false;
    },
  };
}

/** In the database, or remembered, if the database has lost it: then the next one leaves a gap that a verification finds. */
async function lastOf({
  store,
  key,
  memory,
}: Pick<AnchorJob, 'store' | 'key' | 'memory'>): Promise<LastAnchor | undefined> {
  const stored = await store.lastAnchor(key.id);
  const remembered = memory.read();
  if (remembered?.key === key.id && remembered.number > (stored?.number ?? 0)) return remembered;
  return stored && { key: key.id, number: stored.number, hash: lineHash(stored.line) };
}

async function* pagesOfChains(store: ChainStore): AsyncGenerator<readonly Chain[]> {
  let after = 0;
  for (;;) {
    const chains = await store.chains(after, MOST_HEADS);
    if (chains.length > 0) yield chains;
    after = chains.at(-1)?.number ?? after;
    if (chains.length < MOST_HEADS) return;
  }
}
