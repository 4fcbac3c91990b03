import { takeTurn } from '../limits/turns.ts';
import {
  type Chain,
  type ChainLink,
  type ChainStore,
  CUT,
  cutTarget,
  ERASURE,
  erasureTarget,
  type LogName,
  logNames,
} from '../store/ports/logs/chains.ts';
import { comparePair, type Difference, differenceAt, horizonOf, type Pair, pairsUpTo } from './compare.ts';
import { firstHead, saltedHash } from './link.ts';

export type Verification = {
  readonly chains: number;
  readonly entries: number;
  /** Entries whose content was erased, with an audit entry that says so. */
  readonly erased: number;
  /** Chains whose beginning was deleted, with an audit entry that says so. */
  readonly cut: number;
  /** Entries that no link has yet. */
  readonly unchained: number;
  readonly differences: readonly Difference[];
};

const SLICE = 500;
const MOST_UNCHAINED = 1_000_000;
/** Lower than every number of an entry. */
const BEFORE_ALL = -Number.MAX_SAFE_INTEGER;
/** A server may erase entries while they are compared: a difference that stays is one. */
const TRIES = 3;

type Positions = Readonly<Record<LogName, number>>;
type Step = {
  readonly store: ChainStore;
  readonly positions: Positions;
  readonly report: (entries: number) => void;
};

/** Compares every entry of the logs with its link, and every link with the one before. `report`: called for each slice. */
export async function verifyChains(
  store: ChainStore,
  report: (entries: number) => void = () => undefined,
): Promise<Verification> {
  const [audit, event] = await Promise.all(
    logNames.map(async (log) => (await store.chainPosition(log)).lastEntry),
  );
  const positions = { audit: audit ?? 0, event: event ?? 0 };
  const step = { store, positions, report };
  const differences: Difference[] = [];
  for (const log of logNames) {
    const stray = await store.entryWithoutChain(log, positions[log]);
    if (stray !== undefined)
      differences.push(differenceAt('inserted', { log, account: stray.account }, stray.id));
  }
  let [chains, entries, erased, cut, after] = [0, 0, 0, 0, 0];
  for (;;) {
    const some = await store.chains(after, SLICE);
    for (const chain of some) {
      const walked = await walkAgain(step, chain);
      chains += 1;
      entries += walked.entries;
      erased += walked.erased;
      if (chain.cutEntry > 0) cut += 1;
      if (walked.difference !== undefined) differences.push(walked.difference);
      after = chain.number;
    }
    if (some.length < SLICE) break;
  }
  return { chains, entries, erased, cut, unchained: await countUnchained(step), differences };
}

type Walked = { readonly entries: number; readonly erased: number; readonly difference?: Difference };

async function walkAgain(step: Step, chain: Chain): Promise<Walked> {
  let now = chain;
  let walked = await walk(step, now);
  for (let tries = 1; walked.difference !== undefined && tries < TRIES; ) {
    const [found = now] = await step.store.chains(chain.number - 1, 1);
    // a server that cuts the chain is ahead again and again: that is no difference
    if (found.cutEntry <= now.cutEntry) tries += 1;
    now = found.number === chain.number ? found : now;
    walked = await walk(step, now);
  }
  return walked;
}

/** Along one chain. */
async function walk(step: Step, chain: Chain): Promise<Walked> {
  let [after, head, entries, erased] = [BEFORE_ALL, chain.cutHead, 0, 0];
  let last = chain.cutEntry;
  const cut = await checkCut(step, chain);
  if (cut !== undefined) return { entries, erased, difference: cut };
  for (;;) {
    const part = await step.store.chainPart(chain, after, SLICE);
    const horizon = horizonOf(part, SLICE);
    for (const pair of pairsUpTo(part, horizon)) {
      await takeTurn();
      if (isAfterAll(step, chain, pair)) continue;
      const difference = comparePair(chain, head, pair) ?? (await checkErasure(step, chain, pair));
      if (difference !== undefined) return { entries, erased, difference };
      const link = pair.link as ChainLink;
      [head, last] = [link.head, link.entry];
      entries += 1;
      if (link.salt === undefined) erased += 1;
    }
    step.report(part.links.length);
    if (horizon === undefined) break;
    after = horizon;
  }
  const isWhole = last === chain.lastEntry && Buffer.from(head).equals(chain.head);
  if (isWhole) return { entries, erased };
  return { entries, erased, difference: differenceAt('end_removed', chain, chain.lastEntry) };
}

/** It came after this verification had started, or waits for its link. */
function isAfterAll({ positions }: Step, { log, lastEntry }: Chain, { link, entry }: Pair): boolean {
  if (link !== undefined) return link.entry > lastEntry;
  return (entry?.id ?? 0) > Math.max(positions[log], lastEntry);
}

/** Content is erased by the server only, which writes an audit entry. */
async function checkErasure(step: Step, chain: Chain, { link }: Pair): Promise<Difference | undefined> {
  if (link === undefined || link.salt !== undefined) return undefined;
  const { account, log } = chain;
  const isRecorded = await hasRecord(step, account, ERASURE, erasureTarget(log, link.entry));
  return isRecorded ? undefined : differenceAt('erased_without_record', chain, link.entry);
}

async function checkCut(step: Step, chain: Chain): Promise<Difference | undefined> {
  const { account, log, cutEntry, cutHead } = chain;
  if (cutEntry === 0 && Buffer.from(cutHead).equals(firstHead(log, account))) return undefined;
  if (await hasRecord(step, account, CUT, cutTarget(log, cutEntry, cutHead))) return undefined;
  return differenceAt('cut_without_record', chain, cutEntry);
}

/** Whether the server wrote about it in the audit log of the account, and that entry is as it was chained, or will be. */
async function hasRecord(
  { store, positions }: Step,
  account: string,
  operation: string,
  target: string,
): Promise<boolean> {
  const found = await store.entriesBySystem(account, operation, target);
  if (found.length === 0) return false;
  const chain = await store.chainOf('audit', account);
  for (const entry of found) {
    const link = await store.linkOf(chain?.number ?? 0, entry.id);
    const isSame = link?.salt !== undefined && Buffer.from(saltedHash(link.salt, entry)).equals(link.hash);
    if (isSame || (link === undefined && entry.id > positions.audit)) return true;
  }
  return false;
}

async function countUnchained({ store }: Step): Promise<number> {
  const counts = logNames.map((log) => store.unchainedEntries(log, MOST_UNCHAINED));
  return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
}
