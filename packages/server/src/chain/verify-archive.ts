import { takeTurn } from '../limits/turns.ts';
import type { Chain, ChainStore } from '../store/ports/logs/chains.ts';
import type { PlacedLine } from './archive.ts';
import { type ArchiveLine, readArchiveLine } from './archive-line.ts';
import { type Difference, differenceAt } from './compare.ts';
import { nextHead, saltedHash } from './link.ts';

export type ArchiveVerification = {
  /** Different entries. */
  readonly entries: number;
  /** Lines that are there again, because a server was killed before it had deleted the entries. */
  readonly repeated: number;
  /** Of the entries: those without content. */
  readonly erased: number;
  /** Lines that a power cut has left half written; the entries come again. */
  readonly broken: number;
  readonly differences: readonly Difference[];
};

/** Differences that are reported; more say nothing new. */
const MOST = 20;
/** Entries of a chain that can be there again: as many as one step deletes, from two nodes. */
const MOST_RECENT = 2000;
/** Lines of another node that come before those that they follow. */
const MOST_WAITING = 100_000;

/** How far the archive of one chain was read. */
type Read = {
  readonly chain: Pick<Chain, 'log' | 'account'>;
  entry: number;
  head: string;
  /** The heads of the last entries. */
  readonly recent: Map<number, string>;
  /** By the head that they follow. */
  readonly waiting: Map<string, ArchiveLine>;
};

/** Compares the lines of an archive with their hashes, with each other, and the last of each chain with where the chain begins now. */
export async function verifyArchive(
  store: Pick<ChainStore, 'chainOf' | 'linkOf'>,
  lines: () => AsyncIterable<PlacedLine>,
): Promise<ArchiveVerification> {
  const reads = await beginningsOf(lines());
  const counts = { entries: 0, repeated: 0, erased: 0, broken: 0 };
  const differences: Difference[] = [];
  for await (const { text, place } of lines()) {
    await takeTurn();
    const line = readArchiveLine(text);
    if (line === undefined && !text.endsWith('}')) counts.broken += 1;
    else if (line === undefined || !isAsHashed(line))
      differences.push({
        finding: 'archive_changed',
        text: `${place} is not what was written: it was changed`,
      });
    else add(reads, line, counts, differences);
  }
  for (const read of reads.values()) differences.push(...(await compareEnd(store, read)));
  return { ...counts, differences: differences.slice(0, MOST) };
}

/** Where each chain begins in the archive: the files of one day are in the order of their servers. */
async function beginningsOf(lines: AsyncIterable<PlacedLine>): Promise<Map<string, Read>> {
  const reads = new Map<string, Read>();
  for await (const { text } of lines) {
    await takeTurn();
    const line = readArchiveLine(text);
    if (line === undefined || !isAsHashed(line)) continue;
    const { log, account, entry, previous } = line;
    const known = reads.get(keyOf(line));
    if (known !== undefined && known.entry < entry) continue;
    const [recent, waiting] = [new Map<number, string>(), new Map<string, ArchiveLine>()];
    reads.set(keyOf(line), { chain: { log, account }, entry: entry - 1, head: previous, recent, waiting });
  }
  return reads;
}

const keyOf = ({ log, account }: ArchiveLine) => `${log} ${account}`;

/** The line alone: its content has its hash, and its head follows from the one before. */
function isAsHashed({
  log: _log,
  account,
  entry,
  previous,
  head,
  hash,
  salt,
  content,
}: ArchiveLine): boolean {
  const own = Buffer.from(hash, 'hex');
  if (Buffer.from(nextHead(Buffer.from(previous, 'hex'), entry, own)).toString('hex') !== head) return false;
  if ((salt === undefined) !== (content === undefined)) return false;
  if (salt === undefined || content === undefined) return true;
  const hashed = saltedHash(Buffer.from(salt, 'hex'), { content: JSON.stringify(content) });
  return content.id === entry && content.account === account && own.equals(hashed);
}

type Counts = { entries: number; repeated: number; erased: number };

function add(reads: Map<string, Read>, line: ArchiveLine, counts: Counts, differences: Difference[]): void {
  const { entry, previous, head } = line;
  const read = reads.get(keyOf(line));
  if (read === undefined) return;
  if (entry <= read.entry) {
    if (read.recent.get(entry) === head) counts.repeated += 1;
    else differences.push(differenceAt('archive_changed', read.chain, entry));
    return;
  }
  if (read.waiting.size >= MOST_WAITING) return;
  if (read.waiting.has(previous)) counts.repeated += 1;
  read.waiting.set(previous, line);
  for (let next = read.waiting.get(read.head); next !== undefined; next = read.waiting.get(read.head)) {
    read.waiting.delete(read.head);
    [read.entry, read.head] = [next.entry, next.head];
    remember(read);
    counts.entries += 1;
    if (next.salt === undefined) counts.erased += 1;
  }
}

function remember({ recent, entry, head }: Read): void {
  recent.set(entry, head);
  const [oldest] = recent.keys();
  if (recent.size > MOST_RECENT && oldest !== undefined) recent.delete(oldest);
}

/** The entry after the last one of the archive must be the first of the chain, or the chain must have the last one too. */
async function compareEnd(
  store: Pick<ChainStore, 'chainOf' | 'linkOf'>,
  { chain, entry, head, waiting }: Read,
): Promise<Difference[]> {
  if (waiting.size > 0) return [differenceAt('archive_gap', chain, entry)];
  const now = await store.chainOf(chain.log, chain.account);
  if (now !== undefined && entry < now.cutEntry) return [differenceAt('archive_gap', chain, entry)];
  const own =
    now === undefined || entry === now.cutEntry
      ? now?.cutHead
      : (await store.linkOf(now.number, entry))?.head;
  const isSame = own !== undefined && Buffer.from(own).toString('hex') === head;
  return isSame ? [] : [differenceAt('archive_differs', chain, entry)];
}
