import type { Chain, ChainLink, ChainPart, LogEntry, LogName } from '../store/ports/logs/chains.ts';
import { nextHead, saltedHash } from './link.ts';

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
  | 'anchors_removed'
  | 'archive_changed'
  | 'archive_differs'
  | 'archive_gap';

/** The first difference of a chain. */
export type Difference = {
  readonly finding: Finding;
  readonly log?: LogName;
  readonly account?: string;
  /** The number of the entry. */
  readonly entry?: number;
  readonly text: string;
};

/** undefined: there is no more. */
export function horizonOf({ links, entries }: ChainPart, slice: number): number | undefined {
  const ends = [
    links.length === slice ? links.at(-1)?.entry : undefined,
    entries.length === slice ? entries.at(-1)?.id : undefined,
  ].filter((end) => end !== undefined);
  return ends.length === 0 ? undefined : Math.min(...ends);
}

export type Pair = { readonly link?: ChainLink | undefined; readonly entry?: LogEntry | undefined };

export type LinkedPair = Pair & { readonly link: ChainLink };

/** Links and entries of the same number, in their order. */
export function* pairsUpTo(
  { links, entries }: ChainPart,
  horizon = Number.POSITIVE_INFINITY,
): Generator<Pair> {
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

/** The first difference of an entry, of its link, or of the link behind a head. */
export function comparePair(chain: Chain, head: Uint8Array, { link, entry }: Pair): Difference | undefined {
  if (link === undefined) return differenceAt('inserted', chain, entry?.id);
  const isNext =
    link.entry > chain.cutEntry && Buffer.from(nextHead(head, link.entry, link.hash)).equals(link.head);
  if (link.salt !== undefined && entry === undefined) return differenceAt('removed', chain, link.entry);
  if (link.salt !== undefined && entry !== undefined)
    if (!Buffer.from(saltedHash(link.salt, entry)).equals(link.hash))
      return differenceAt('changed', chain, link.entry);
  return isNext ? undefined : differenceAt('link_changed', chain, link.entry);
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
  archive_changed: 'is another one in the archive: its lines were changed',
  archive_differs: 'is the last one in the archive, and the database had another one there',
  archive_gap: 'is followed by a gap in the archive: lines after it are missing',
};

export function differenceAt(
  finding: Finding,
  { log, account }: Pick<Chain, 'log' | 'account'>,
  entry: number | undefined,
): Difference {
  const where = `${log} ${entry} of ${account === '' ? 'no account' : `the account ${account}`}`;
  return { finding, log, account, ...(entry !== undefined && { entry }), text: `${where} ${words[finding]}` };
}
