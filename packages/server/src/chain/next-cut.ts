import { takeTurn } from '../limits/turns.ts';
import {
  auditTargetsIn,
  type Chain,
  type ChainLink,
  type ChainStore,
  CUT,
  type Cut,
  cutTarget,
  ERASURE,
  erasureTarget,
  type LogEntry,
} from '../store/ports/logs/chains.ts';
import type { OutboxStore } from '../store/ports/outbox.ts';
import {
  comparePair,
  type Difference,
  differenceAt,
  horizonOf,
  type LinkedPair,
  type Pair,
  pairsUpTo,
} from './compare.ts';

/** What it needs of a store. */
export type Cutting = ChainStore & Pick<OutboxStore, 'fanOutPosition'>;

/** `now`: when it is done; only entries from before `before` go (Unix milliseconds). */
export type CutTimes = { readonly now: number; readonly before: number };

export type NextCut = { readonly cut: Cut; readonly pairs: readonly LinkedPair[] };

/** Entries that go in one transaction, and their targets at most. */
const SLICE = 500;
const MOST_TARGETS = 1000;

/** A log differs from its chain: what would be deleted shows it. */
export class LogDiffers extends Error {
  override readonly name = 'LogDiffers';

  constructor({ text }: Difference) {
    super(text);
  }
}

/**
 * The next entries of a chain that can go; undefined: there are none. They are as they were chained. Deliveries of the events were made, and
 * no pending delivery needs them. An audit entry about an event that lost its content stays as long as the event. Throws LogDiffers.
 */
export async function nextCut(store: Cutting, chain: Chain, times: CutTimes): Promise<NextCut | undefined> {
  const part = await store.chainPart(chain, chain.cutEntry, SLICE);
  const pairs = [...pairsUpTo(part, horizonOf(part, SLICE))];
  const first = pairs[0]?.entry;
  if (pairs.length === 0 || (first !== undefined && first.at >= times.before)) return undefined;
  const events = chain.log === 'audit' ? await store.chainOf('event', chain.account) : undefined;
  const upTo = await lastThatMayGo(store, chain, times.before);
  const candidates = pairs.filter(({ link, entry }) => (link?.entry ?? entry?.id ?? 0) <= upTo);
  const found = await oldPairs(store, chain, { candidates, events, before: times.before });
  const last = found.at(-1)?.link;
  const entries = found.flatMap(({ entry }) => entry ?? []);
  // entries about cuts alone stay: deleting them would write another one
  if (last === undefined || (entries.length > 0 && entries.every((entry) => isOf(CUT, entry))))
    return undefined;
  const starts = events === undefined || events.cutEntry === 0 ? [] : [startOf(events)];
  const { entry, head } = last;
  const targets = [cutTarget(chain.log, entry, head), ...starts];
  return { cut: { chain, entry, head, entries, at: times.now, targets }, pairs: found };
}

/** The audit entry that says how another chain begins may go: the new one says it again. */
function startOf({ log, cutEntry, cutHead }: Chain): string {
  return cutTarget(log, cutEntry, cutHead);
}

type Candidates = {
  readonly candidates: readonly Pair[];
  /** The chain of the events of an account whose audit log is cut. */
  readonly events: Chain | undefined;
  readonly before: number;
};

async function oldPairs(
  store: Cutting,
  chain: Chain,
  { candidates, events, before }: Candidates,
): Promise<readonly LinkedPair[]> {
  const found: LinkedPair[] = [];
  let [head, targets] = [chain.cutHead, 0];
  for (const pair of candidates) {
    await takeTurn();
    const { link, entry } = pair;
    const difference = comparePair(chain, head, pair);
    if (difference !== undefined) throw new LogDiffers(difference);
    if (link === undefined) break;
    const erasedAt = link.salt === undefined ? await erasureOf(store, chain, link) : undefined;
    if ((entry?.at ?? erasedAt ?? before) >= before) break;
    const own = entry === undefined || chain.log === 'event' ? [] : auditTargetsIn(entry);
    targets += own.length;
    if (targets > MOST_TARGETS && found.length > 0) break;
    if (entry !== undefined && isOf(ERASURE, entry) && own.some((target) => isOfLaterEvent(target, events)))
      break;
    found.push({ link, entry });
    head = link.head;
  }
  return found;
}

/** The number up to which entries may go. */
async function lastThatMayGo(store: Cutting, chain: Chain, before: number): Promise<number> {
  if (chain.log === 'audit') return chain.lastEntry;
  const [fannedOut, pending = Number.POSITIVE_INFINITY] = await Promise.all([
    store.fanOutPosition(),
    store.firstEventToDeliver(chain.account, before),
  ]);
  return Math.min(chain.lastEntry, fannedOut, pending - 1);
}

/** When an entry lost its content: it is older than that. Throws LogDiffers if no audit entry says so. */
async function erasureOf(store: Cutting, chain: Chain, { entry }: ChainLink): Promise<number> {
  const { account, log } = chain;
  const [record] = await store.entriesBySystem(account, ERASURE, erasureTarget(log, entry));
  if (record === undefined) throw new LogDiffers(differenceAt('erased_without_record', chain, entry));
  return record.at;
}

function isOf(operation: string, { content }: LogEntry): boolean {
  return JSON.parse(content).operation === operation;
}

/** Whether the event that a target names is still there. */
function isOfLaterEvent(target: string, events: Chain | undefined): boolean {
  const [log, number] = target.split(' ');
  return log === 'event' && Number(number) > (events?.cutEntry ?? 0);
}
