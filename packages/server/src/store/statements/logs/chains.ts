import {
  type Chain,
  type ChainLink,
  type ChainPart,
  type ChainStore,
  CUT,
  ERASURE,
  type LeaseStore,
  type LogEntry,
  type LogName,
} from '../../ports/logs/chains.ts';
import {
  anchorFromRow,
  type ChainAnchorRow,
  type ChainLinkRow,
  type ChainPositionRow,
  type ChainRow,
  chainFromRow,
  linkFromRow,
  logEntryFromRow,
  positionFromRow,
} from '../../rows/logs/chains.ts';
import { deliveryCall } from '../delivery-call.ts';
import type { TextCall, TextEngine } from '../text-call.ts';
import { cutCalls } from './cuts.ts';
import { entryErasureCalls } from './entry-erasures.ts';

/** What the chains need of an engine. */
export type ChainEngine = TextEngine & {
  /** Up to which entry a log is complete: none will come before it. */
  settled(log: LogName): Promise<number>;
};

type LogRow = Readonly<Record<string, unknown>>;

/** The same statements on every engine. */
export function chainStore(engine: ChainEngine): ChainStore & LeaseStore {
  const one = async (...call: TextCall) => (await engine.read([call]))[0] ?? [];
  const entries = async (...call: TextCall) =>
    (await one(...call)).map((row) => logEntryFromRow(row as LogRow));
  const chainsOf = async (log: LogName, account: string) =>
    (await one(CHAIN_OF, account, log)).map((row) => chainFromRow(row as ChainRow));
  return {
    chainPosition: async (log) => positionFromRow((await one(POSITION, log))[0] as ChainPositionRow),
    entriesToChain: async (log, after, most) =>
      entries(
        `select * from ${log} where id > ? and id <= ? order by id limit ?`,
        after,
        await engine.settled(log),
        most,
      ),
    unchainedEntries: async (log, most) =>
      Number(((await one(unchained(log), log, most)) as [{ readonly count: number }])[0].count),
    chainOf: async (log, account) => (await chainsOf(log, account))[0],
    openChains: (log, accounts, begin) =>
      Promise.all(accounts.map((account) => openChain(account, log, begin(account)))),
    addLinks: async ({ log, position, upTo, chains }) => {
      const move = [MOVE, upTo, log, position.lastEntry, position.erasures] as const;
      const heads = chains.map(({ number, lastEntry, head }) => [HEAD, lastEntry, head, number] as const);
      const links = chains.flatMap(({ number, links }) => links.map((link) => insertOf(number, link)));
      return (await engine.writeIf([move, ...heads, ...links])) ? 'done' : 'stale';
    },
    cut: async (cut) => ((await engine.writeIf(cutCalls(cut))) ? 'done' : 'stale'),
    eraseAuditEntry: async (erasure) => {
      const [entry] = await entries(AUDIT_ENTRY, erasure.id);
      if (entry?.account !== erasure.account) return 'unknown';
      const { operation, erased_at } = JSON.parse(entry.content);
      if ([ERASURE, CUT].includes(operation)) return 'record';
      if (erased_at === undefined) await engine.writeIf(entryErasureCalls(erasure, entry));
      return 'erased';
    },
    firstEventToDeliver: async (account, before) => {
      const [row] = (await one(TO_DELIVER, before, account)) as { readonly id: number | bigint | null }[];
      return row?.id == null ? undefined : Number(row.id);
    },
    chains: async (after, most) =>
      (await one('select * from chain where number > ? order by number limit ?', after, most)).map((row) =>
        chainFromRow(row as ChainRow),
      ),
    chainPart: ({ number, log, account }, after, most) =>
      readPart(engine, [
        [
          'select * from chain_link where chain = ? and entry > ? order by entry limit ?',
          number,
          after,
          most,
        ],
        [`select * from ${log} where account = ? and id > ? order by id limit ?`, account, after, most],
      ]),
    linkOf: async (chain, entry) => {
      const [row] = await one('select * from chain_link where chain = ? and entry = ?', chain, entry);
      return row === undefined ? undefined : linkFromRow(row as ChainLinkRow);
    },
    entryWithoutChain: (log, upTo) => entryWithoutChain(engine, log, upTo),
    addAnchor: ({ key, number, at, line }, deliveries = []) =>
      engine.writeIf([[ADD_ANCHOR, key, number, at, line], ...deliveries.map(deliveryCall)]),
    lastAnchor: async (key) => {
      const [row] = await (key === undefined
        ? one('select * from chain_anchor order by at desc limit ?', 1)
        : one('select * from chain_anchor where key = ? order by number desc limit 1', key));
      return row === undefined ? undefined : anchorFromRow(row as ChainAnchorRow);
    },
    anchors: async ({ key, number } = { key: '', number: 0 }, most) =>
      (await one(ANCHORS, key, number, most)).map((row) => anchorFromRow(row as ChainAnchorRow)),
    entriesBySystem: (account, operation, target) => entries(BY_SYSTEM, account, target, operation),
    takeLease: ({ name, node, now, until }) => engine.writeIf([[LEASE, name, node, until, now]]),
  };

  /** Two nodes may create it at the same time: one of them does. */
  async function openChain(account: string, log: LogName, start: Uint8Array): Promise<Chain> {
    for (;;) {
      const [found] = await chainsOf(log, account);
      if (found !== undefined) return found;
      await engine.writeIf([[OPEN, account, log, start, start]]);
    }
  }
}

const POSITION = 'select * from chain_position where log = ?';
const MOVE = 'update chain_position set last_entry = ? where log = ? and last_entry = ? and erasures = ?';
const CHAIN_OF = 'select * from chain where account = ? and log = ?';
const HEAD = 'update chain set last_entry = ?, head = ? where number = ?';
const OPEN = `insert into chain (account, log, number, last_entry, head, cut_entry, cut_head)
  values (?, ?, (select coalesce(max(number), 0) + 1 from chain), 0, ?, 0, ?) on conflict do nothing`;
const ADD_ANCHOR =
  'insert into chain_anchor (key, number, at, line) values (?, ?, ?, ?) on conflict do nothing';
const ANCHORS = 'select * from chain_anchor where (key, number) > (?, ?) order by key, number limit ?';
const AUDIT_ENTRY = 'select * from audit where id = ?';
/** Finished deliveries of that time are deleted, so there are few. */
const TO_DELIVER = `select min(event_id) as id from delivery where created_at < ? and state = 'pending' and account in (?)`;
const unchained = (log: LogName) => `select count(*) as count from (
  select id from ${log} where id > (select last_entry from chain_position where log = ?) order by id limit ?) as waiting`;
const LEASE = `insert into job_lease (name, node, lease_until) values (?, ?, ?)
  on conflict (name) do update set node = excluded.node, lease_until = excluded.lease_until
  where job_lease.node = excluded.node or job_lease.lease_until < ?`;
const BY_SYSTEM = `select audit.* from audit_target cross join audit
  where audit_target.account = ? and audit_target.target = ? and audit.id = audit_target.entry and audit.operation = ?
  and audit.key_id is null and audit.operator is null and audit.address is null and audit.status is null
  order by audit_target.entry limit 100`;

/** A link that is there already stays: then it does not follow from the one before, and a verification says so. */
function insertOf(chain: number, { entry, salt, hash, head }: ChainLink): TextCall {
  return [
    'insert into chain_link (chain, entry, salt, hash, head) values (?, ?, ?, ?, ?) on conflict do nothing',
    chain,
    entry,
    salt ?? null,
    hash,
    head,
  ];
}

async function readPart(engine: ChainEngine, calls: readonly TextCall[]): Promise<ChainPart> {
  const [links = [], entries = []] = await engine.read(calls);
  return {
    links: links.map((row) => linkFromRow(row as ChainLinkRow)),
    entries: entries.map((row) => logEntryFromRow(row as LogRow)),
  };
}

/** Each step finds the next account in the index, however many entries the one before has. */
async function entryWithoutChain(
  engine: ChainEngine,
  log: LogName,
  upTo: number,
): Promise<LogEntry | undefined> {
  let last = '';
  for (let isFirst = true; ; isFirst = false) {
    const next = `select account from ${log} where account ${isFirst ? '>=' : '>'} ? order by account limit 1`;
    const [[found] = []] = (await engine.read([[next, last]])) as [{ readonly account: string }[]];
    if (found === undefined) return undefined;
    last = found.account;
    const [[entry] = [], [chain] = []] = await engine.read([
      [`select * from ${log} where account = ? and id <= ? order by id limit 1`, last, upTo],
      [CHAIN_OF, last, log],
    ]);
    if (entry !== undefined && chain === undefined) return logEntryFromRow(entry as LogRow);
  }
}
