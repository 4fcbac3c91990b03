import type { Anchor, Chain, ChainLink, ChainPosition, LogEntry, LogName } from '../../ports/logs/chains.ts';
import type { Columns, Row } from '../column-types.ts';

export const chainColumns = {
  account: 'text',
  log: 'text',
  number: 'integer',
  last_entry: 'integer',
  head: 'bytes',
  cut_entry: 'integer',
  cut_head: 'bytes',
} as const satisfies Columns;
export type ChainRow = Row<typeof chainColumns>;

export const chainLinkColumns = {
  chain: 'integer',
  entry: 'integer',
  salt: 'bytes?',
  hash: 'bytes',
  head: 'bytes',
} as const satisfies Columns;
export type ChainLinkRow = Row<typeof chainLinkColumns>;

/** One row for each log. */
export const chainPositionColumns = {
  log: 'text',
  last_entry: 'integer',
  erasures: 'integer',
} as const satisfies Columns;
export type ChainPositionRow = Row<typeof chainPositionColumns>;

/** Signed heads of chains. Each key numbers its own. */
export const chainAnchorColumns = {
  key: 'text',
  number: 'integer',
  at: 'integer',
  line: 'text',
} as const satisfies Columns;
export type ChainAnchorRow = Row<typeof chainAnchorColumns>;

export const jobLeaseColumns = {
  name: 'text',
  node: 'text',
  lease_until: 'integer',
} as const satisfies Columns;
export type JobLeaseRow = Row<typeof jobLeaseColumns>;

/** Engines read numbers as numbers or as bigints. */
type Read<R> = { readonly [N in keyof R]: number extends R[N] ? number | bigint : R[N] };

export function chainFromRow(row: Read<ChainRow>): Chain {
  return {
    account: row.account,
    log: row.log as LogName,
    number: Number(row.number),
    lastEntry: Number(row.last_entry),
    head: row.head,
    cutEntry: Number(row.cut_entry),
    cutHead: row.cut_head,
  };
}

export function linkFromRow({ entry, salt, hash, head }: Read<ChainLinkRow>): ChainLink {
  return { entry: Number(entry), ...(salt !== null && { salt }), hash, head };
}

export function positionFromRow({ last_entry, erasures }: Read<ChainPositionRow>): ChainPosition {
  return { lastEntry: Number(last_entry), erasures: Number(erasures) };
}

export function anchorFromRow({ key, number, at, line }: Read<ChainAnchorRow>): Anchor {
  return { key, number: Number(number), at: Number(at), line };
}

/** Whatever the columns have, also what no record can be read from. */
export function logEntryFromRow(row: Readonly<Record<string, unknown>>): LogEntry {
  const names = Object.keys(row)
    .filter((name) => row[name] !== null)
    .sort();
  const content = JSON.stringify(Object.fromEntries(names.map((name) => [name, contentOf(row[name])])));
  return { id: Number(row.id), account: String(row.account), at: Number(row.at), content };
}

function contentOf(value: unknown): unknown {
  if (value instanceof Uint8Array) return { hex: Buffer.from(value).toString('hex') };
  if (typeof value !== 'bigint') return value;
  return Number.isSafeInteger(Number(value)) ? Number(value) : { integer: String(value) };
}
