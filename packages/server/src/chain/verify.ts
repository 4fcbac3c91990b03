import { takeTurn } from '../limits/turns.ts';
import {
  type Chain,
  type ChainLink,
  type ChainPart,
  type ChainStore,
  CUT,
  cutTarget,
  ERASURE,
  erasureTarget,
  type LogEntry,
  type LogName,
  logNames,
} from '../store/ports/logs/chains.ts';
import { firstHead, nextHead, saltedHash } from './link.ts';

/** What differs from what was chained. */
export type Finding =
  | 'changed'
  | 'removed'
  | 'inserted'
  | 'link_changed'
  | 'end_removed'
  | 'erased_without_record'
  | 'cut_without_record'
  | 'anchor_differs'
  | 'anchor_forged'
  | 'anchors_removed';

/** The first difference of a chain. */
export type Difference = {
  readonly finding: Finding;
  readonly log?: LogName;
  readonly account?: string;
  /** The number of the entry. */
  readonly entry?: number;
  readonly text: string;
};

export type Verification = {
  readonly chains: number;
  readonly entries: number;
  /** Entries whose content was erased, with an audit entry that says so. */
  readonly erased: number;
  /** Entries that no link has yet. */
  readonly unchained: number;
  readonly differences: readonly Difference[];
};

const SLICE = 500;
const MOST_UNCHAINED = 1_000_000;
/** Lower than every number of an entry. */
const BEFORE_ALL = -Number.MAX_SAFE_INTEGER;
/** A server may erase or cut entries while they are compared: a difference that stays is one. */
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
  let [chains, entries, erased, after] = [0, 0, 0, 0];
  for (;;) {
    const some = await store.chains(after, SLICE);
    for (const chain of some) {
      const walked = await walkAgain(step, chain);
      chains += 1;
      entries += walked.entries;
      erased += walked.erased;
      if (walked.difference !== undefined) differences.push(walked.difference);
      after = chain.number;
    }
    if (some.length < SLICE) break;
  }
  return { chains, entries, erased, unchained: await countUnchained(step), differences };
}

type Walked = { readonly entries: number; readonly erased: number; readonly difference?: Difference };

async function walkAgain(step: Step, chain: Chain): Promise<Walked> {
  let walked = await walk(step, chain);
  for (let tries = 1; walked.difference !== undefined && tries < TRIES; tries++) {
    const [now] = await step.store.chains(chain.number - 1, 1);
    walked = await walk(step, now?.number === chain.number ? now : chain);
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
    const horizon = horizonOf(part);
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

/** undefined: there is no more. */
function horizonOf({ links, entries }: ChainPart): number | undefined {
  const ends = [
    links.length === SLICE ? links.at(-1)?.entry : undefined,
    entries.length === SLICE ? entries.at(-1)?.id : undefined,
  ].filter((end) => end !== undefined);
  return ends.length === 0 ? undefined : Math.min(...ends);
}

type Pair = { readonly link?: ChainLink | undefined; readonly entry?: LogEntry | undefined };

/** Links and entries of the same number, in their order. */
function* pairsUpTo({ links, entries }: ChainPart, horizon = Number.POSITIVE_INFINITY): Generator<Pair> {
  let [i, j] = [0, 0];
  for (;;) {
    const [link, entry] = [links[i], entries[j]];
    const number = Math.min(link?.entry ?? Number.POSITIVE_INFINITY, entry?.id ?? Number.POSITIVE_INFINITY);
    if (number > horizon || number === Number.POSITIVE_INFINITY) return;
    const [hasLink, hasEntry] = [link?.entry === number, entry?.id === number];
    yield { link: hasLink ? link : undefined, entry: hasEntry ? entry : undefined };
    if (hasLink) i += 1;
    if (hasEntry) j += 1;
  }
}

/** It came after this verification had started, or waits for its link. */
function isAfterAll({ positions }: Step, { log, lastEntry }: Chain, { link, entry }: Pair): boolean {
  if (link !== undefined) return link.entry > lastEntry;
  return (entry?.id ?? 0) > Math.max(positions[log], lastEntry);
}

function comparePair(chain: Chain, head: Uint8Array, { link, entry }: Pair): Difference | undefined {
  if (link === undefined) return differenceAt('inserted', chain, entry?.id);
  const isNext =
    link.entry > chain.cutEntry && Buffer.from(nextHead(head, link.entry, link.hash)).equals(link.head);
  if (link.salt !== undefined && entry === undefined) return differenceAt('removed', chain, link.entry);
  if (link.salt !== undefined && entry !== undefined)
    if (!Buffer.from(saltedHash(link.salt, entry)).equals(link.hash))
      return differenceAt('changed', chain, link.entry);
  return isNext ? undefined : differenceAt('link_changed', chain, link.entry);
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

const words: Readonly<Record<Finding, string>> = {
  changed: 'is not what was chained: it was changed',
  removed: 'is missing: it was removed',
  inserted: 'has no link: it was inserted, or its account was changed',
  link_changed:
    'does not follow from the entry before it: links were changed, removed, inserted or reordered',
  end_removed: 'should be the last one of the chain: the end was removed, or the head was changed',
  erased_without_record: 'has lost its content, and no audit entry of the server says that it was erased',
  cut_without_record: 'should be the first one that was cut off, and no audit entry of the server says so',
  anchor_differs: 'has another head than the signed anchor says: the chain was written again',
  anchor_forged: 'the anchor is not signed by a known key',
  anchors_removed: 'anchors are missing in the database',
};

export function differenceAt(
  finding: Finding,
  { log, account }: Pick<Chain, 'log' | 'account'>,
  entry: number | undefined,
): Difference {
  const where = `${log} ${entry} of ${account === '' ? 'no account' : `the account ${account}`}`;
  return { finding, log, account, ...(entry !== undefined && { entry }), text: `${where} ${words[finding]}` };
}
