import type { Anchor, Chain, ChainStore } from '../store/ports/logs/chains.ts';
import {
  type AccountAnchorContent,
  type AnchorContent,
  anchorLineIn,
  type LastAnchor,
  lineHash,
  readAccountAnchorLine,
  readAnchorLine,
  type SignedLine,
} from './anchor.ts';
import type { PublicAnchorKey } from './anchor-key.ts';
import { type Difference, differenceAt } from './compare.ts';

export type AnchorSources = {
  /** Those whose signatures count. */
  readonly keys: readonly PublicAnchorKey[];
  /** What was kept elsewhere: lines of the server or of accounts, or whole messages of webhooks, some of them twice. */
  readonly lines?: AsyncIterable<string> | undefined;
  /** The last anchor that the server of this data folder has signed. */
  readonly last?: LastAnchor | undefined;
};

export type AnchorVerification = {
  readonly anchors: number;
  /** Of the lines that were kept elsewhere. */
  readonly lines: number;
  /** Heads that were compared. */
  readonly heads: number;
  readonly differences: readonly Difference[];
};

/** Differences that are reported; more say nothing new. */
const MOST = 20;
const PAGE = 100;

/** Compares the anchors in the database, and those that were kept elsewhere, with the chains. */
export async function verifyAnchors(
  store: ChainStore,
  { keys, lines, last }: AnchorSources,
): Promise<AnchorVerification> {
  const [own, kept] = [createSeries(keys, true), createSeries(keys, false)];
  const compareHeads = headComparison(store);
  const inDatabase = new Map<string, string>();
  const counts = { anchors: 0, lines: 0 };
  const differences: Difference[] = [];
  for await (const { key, number, line } of allAnchors(store)) {
    counts.anchors += 1;
    inDatabase.set(`${key} ${number}`, lineHash(line));
    const read = own.check(line, differences);
    if (read !== undefined) differences.push(...(await compareHeads(read.content.heads)));
  }
  for await (const line of differentLines(lines)) {
    counts.lines += 1;
    const ofAccount = readAccountAnchorLine(line);
    const read =
      ofAccount === undefined ? kept.check(line, differences) : signed(keys, ofAccount, differences);
    if (read === undefined) continue;
    const { key, number } = read.content;
    const stored = inDatabase.get(`${key} ${number}`);
    if (ofAccount === undefined ? stored !== lineHash(line) : stored === undefined)
      differences.push(
        removed(`the database has not the anchor ${number} of the key ${key}, or another one`),
      );
    else if (ofAccount === undefined) continue; // its heads were compared
    differences.push(...(await compareHeads(headsOf(read.content))));
  }
  if (last !== undefined && inDatabase.get(`${last.key} ${last.number}`) !== last.hash)
    differences.push(
      removed(`this server has signed the anchor ${last.number}, which is not in the database`),
    );
  return { ...counts, heads: compareHeads.count(), differences: differences.slice(0, MOST) };
}

/** Each line once: a webhook may get it again. */
async function* differentLines(lines: AsyncIterable<string> | undefined): AsyncGenerator<string> {
  const seen = new Set<string>();
  for await (const kept of wholeLines(lines)) {
    const line = anchorLineIn(kept);
    const hash = lineHash(line);
    if (!seen.has(hash)) yield line;
    seen.add(hash);
  }
}

function headsOf(content: AnchorContent | AccountAnchorContent): AnchorContent['heads'] {
  if (!('account' in content)) return content.heads;
  return content.heads.map((head) => ({ account: content.account, ...head }));
}

/** Without the beginning of a line that a power cut has left before the whole one. */
async function* wholeLines(lines: AsyncIterable<string> | undefined): AsyncGenerator<string> {
  let before = '';
  for await (const line of lines ?? []) {
    if (before !== '' && !line.startsWith(before)) yield before;
    before = line;
  }
  if (before !== '') yield before;
}

async function* allAnchors(store: ChainStore): AsyncGenerator<Anchor> {
  let after: Anchor | undefined;
  for (;;) {
    const some = await store.anchors(after, PAGE);
    yield* some;
    after = some.at(-1);
    if (after === undefined || some.length < PAGE) return;
  }
}

const removed = (text: string): Difference => ({ finding: 'anchors_removed', text });
const forged = (text: string): Difference => ({ finding: 'anchor_forged', text });

/** undefined: its signature does not count. */
function signed<Content extends { readonly key: string; readonly number: number }>(
  keys: readonly PublicAnchorKey[],
  read: SignedLine<Content>,
  differences: Difference[],
): SignedLine<Content> | undefined {
  const { key, number } = read.content;
  const signer = keys.find(({ id }) => id === key);
  if (signer?.verify(read.text, read.signature) === true) return read;
  const why = signer === undefined ? 'its key is not known: use --key' : 'its signature is wrong';
  differences.push(forged(`the anchor ${number} of the key ${key} does not count: ${why}`));
  return undefined;
}

/** Anchors of one place: each follows from the one before of its key. `isWhole`: each key begins with 1. */
function createSeries(keys: readonly PublicAnchorKey[], isWhole: boolean) {
  const before = new Map<string, { readonly number: number; readonly hash: string }>();
  return {
    /** undefined: it does not count. */
    check: (line: string, differences: Difference[]): SignedLine | undefined => {
      const read = readAnchorLine(line);
      if (read === undefined) {
        differences.push(forged(`a line is no anchor: ${line.slice(0, 60)}`));
        return undefined;
      }
      if (signed(keys, read, differences) === undefined) return undefined;
      const { key, number, previous } = read.content;
      const last = before.get(key) ?? (isWhole ? { number: 0, hash: '' } : undefined);
      if (last !== undefined && (number !== last.number + 1 || previous !== last.hash))
        differences.push(
          removed(`the anchor ${number} of the key ${key} does not follow from ${last.number}`),
        );
      before.set(key, { number, hash: lineHash(line) });
      return read;
    },
  };
}

/** Whether the chains had these heads. */
function headComparison(store: ChainStore) {
  let count = 0;
  const differing = new Set<string>();
  const isSame = async (chain: Chain, entry: number, head: string) => {
    if (entry < chain.cutEntry) return true; // it was cut off
    if (entry === chain.cutEntry) return Buffer.from(chain.cutHead).toString('hex') === head;
    const link = await store.linkOf(chain.number, entry);
    return link !== undefined && Buffer.from(link.head).toString('hex') === head;
  };
  const compare = async (heads: AnchorContent['heads']): Promise<Difference[]> => {
    const found: Difference[] = [];
    for (const { account, log, entry, head } of heads) {
      count += 1;
      const chain = await store.chainOf(log, account);
      if (chain !== undefined && (await isSame(chain, entry, head))) continue;
      // later anchors of the same chain differ too
      if (differing.has(`${log} ${account}`)) continue;
      differing.add(`${log} ${account}`);
      found.push(differenceAt('anchor_differs', { log, account }, entry));
    }
    return found;
  };
  return Object.assign(compare, { count: () => count });
}
