import type { NewDelivery } from '../outbox.ts';

/** The logs whose entries are chained. */
export const logNames = ['audit', 'event'] as const;
export type LogName = (typeof logNames)[number];

/** An entry of a log as it is stored, readable or not. */
export type LogEntry = {
  readonly id: number;
  readonly account: string;
  /** Unix milliseconds. */
  readonly at: number;
  /** JSON: the columns that have a value, sorted by name. The same on every engine. */
  readonly content: string;
};

/** Up to which entry a log is chained. */
export type ChainPosition = {
  readonly lastEntry: number;
  /** Counts erasures of entries that have no link: who read them before must read them again. */
  readonly erasures: number;
};

/** The chain of one log of an account. */
export type Chain = {
  readonly account: string;
  readonly log: LogName;
  readonly number: number;
  /** The entry of the last link; as many as `cutEntry` if there is none. */
  readonly lastEntry: number;
  /** The hash of the last link. */
  readonly head: Uint8Array;
  /** Entries up to this one were cut off; 0: none. */
  readonly cutEntry: number;
  /** The head at the last entry that was cut off, or what the chain begins with. */
  readonly cutHead: Uint8Array;
};

export type ChainLink = {
  readonly entry: number;
  /** Absent: the content of the entry, or a part of it, was erased. */
  readonly salt?: Uint8Array;
  /** The hash of salt and content. */
  readonly hash: Uint8Array;
  /** The hash of the head before, the entry's number and `hash`. */
  readonly head: Uint8Array;
};

/** The chains that get links in one step, as they are afterwards. */
export type NewLinks = {
  readonly log: LogName;
  /** As it was when the entries were read. */
  readonly position: ChainPosition;
  readonly upTo: number;
  readonly chains: readonly (Pick<Chain, 'number' | 'lastEntry' | 'head'> & {
    readonly links: readonly ChainLink[];
  })[];
};

/** A part of a chain, and of its log, at one moment: each at most as long as was asked for. */
export type ChainPart = { readonly links: readonly ChainLink[]; readonly entries: readonly LogEntry[] };

/** The operations of audit entries that the server itself writes about its logs. */
export const ERASURE = 'eraseLogEntries';
export const CUT = 'cutLog';

/** The target of the audit entry that says that a log was cut off after an entry, where the chain had this head. */
export function cutTarget(log: LogName, entry: number, head: Uint8Array): string {
  return `${log} ${entry} ${Buffer.from(head).toString('hex')}`;
}

/** The beginning of a log of an account that is deleted, with its links. An audit entry says so. */
export type Cut = {
  /** As it was when the entries were read. */
  readonly chain: Chain;
  /** The last entry that goes. */
  readonly entry: number;
  /** The head there. */
  readonly head: Uint8Array;
  /** What goes. */
  readonly entries: readonly LogEntry[];
  /** Unix milliseconds. */
  readonly at: number;
  /** The targets of the audit entry: the cut, and where other chains begin whose audit entries go. */
  readonly targets: readonly string[];
};

/** The target of the audit entry that says that content of an entry was erased. */
export function erasureTarget(log: LogName, entry: number): string {
  return `${log} ${entry}`;
}

/** What an entry of the audit log concerned. */
export function auditTargetsIn({ content }: LogEntry): readonly string[] {
  const { target, more_targets: more } = JSON.parse(content) as Readonly<Record<string, string | undefined>>;
  return target === undefined ? [] : [...new Set([target, ...(more?.split('\n') ?? [])])];
}

/** The content of an audit entry that is erased, at the request of the account. */
export type AuditErasure = {
  readonly account: string;
  readonly id: number;
  /** Unix milliseconds. */
  readonly at: number;
  readonly reason: string;
};

/** Heads of chains at one time, signed. */
export type Anchor = {
  /** The id of the key that signed it. */
  readonly key: string;
  readonly number: number;
  /** Unix milliseconds. */
  readonly at: number;
  readonly line: string;
};

/** Chains over the audit log and the events. */
export interface ChainStore {
  chainPosition(log: LogName): Promise<ChainPosition>;
  /** Entries after one, the oldest first. No entry will come before one of them. */
  entriesToChain(log: LogName, after: number, most: number): Promise<readonly LogEntry[]>;
  chainOf(log: LogName, account: string): Promise<Chain | undefined>;
  /** How many entries have no link yet; at most `most` are counted. */
  unchainedEntries(log: LogName, most: number): Promise<number>;
  /** The chains of the accounts; those that do not exist are created, and begin with what `begin` returns. */
  openChains(
    log: LogName,
    accounts: readonly string[],
    begin: (account: string) => Uint8Array,
  ): Promise<readonly Chain[]>;
  /** All links, or none if the position is another one by now. */
  addLinks(links: NewLinks): Promise<'done' | 'stale'>;
  /** Deletes the entries and their links, or nothing if the chain has been cut since. */
  cut(cut: Cut): Promise<'done' | 'stale'>;
  /**
   * Erases who did something, from where, and to what; another entry says so. `record`: it is an entry of the server about its logs, without which a
   * verification would fail.
   */
  eraseAuditEntry(erasure: AuditErasure): Promise<'erased' | 'unknown' | 'record'>;
  /** The first event of an account from before a time (Unix milliseconds) that a pending delivery needs. */
  firstEventToDeliver(account: string, before: number): Promise<number | undefined>;
  /** All chains after a number, sorted by it. */
  chains(after: number, most: number): Promise<readonly Chain[]>;
  chainPart(chain: Chain, after: number, most: number): Promise<ChainPart>;
  linkOf(chain: number, entry: number): Promise<ChainLink | undefined>;
  /** The first entry up to one whose account has no chain. */
  entryWithoutChain(log: LogName, upTo: number): Promise<LogEntry | undefined>;
  /**
   * An anchor is a line of text; each key numbers its own from 1 on. The deliveries that send it are added in the same transaction. False: the key has
   * one with this number.
   */
  addAnchor(anchor: Anchor, deliveries?: readonly NewDelivery[]): Promise<boolean>;
  /** The last anchor of a key; without a key, the one that was added last. */
  lastAnchor(key?: string): Promise<Anchor | undefined>;
  /** Anchors after one, sorted by key and number. */
  anchors(after: Pick<Anchor, 'key' | 'number'> | undefined, most: number): Promise<readonly Anchor[]>;
  /** Audit entries of an operation that the server wrote by itself about a target. */
  entriesBySystem(account: string, operation: string, target: string): Promise<readonly LogEntry[]>;
}

/** A job that one node does at a time. */
export type JobLease = {
  readonly name: string;
  readonly node: string;
  /** Unix milliseconds. */
  readonly now: number;
  readonly until: number;
};

export interface LeaseStore {
  /** Takes or extends the lease; false: another node has it. */
  takeLease(lease: JobLease): Promise<boolean>;
}
