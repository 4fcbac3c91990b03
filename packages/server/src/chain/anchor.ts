import { hash } from 'node:crypto';
import { type Static, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { type Anchor, type Chain, logNames } from '../store/ports/logs/chains.ts';
import type { AnchorKey } from './anchor-key.ts';

const Head = {
  log: Type.Union(logNames.map((log) => Type.Literal(log))),
  entry: Type.Integer(),
  head: Type.String(),
};

/** What an anchor says: the heads of chains at one time. */
const AnchorContent = Type.Object(
  {
    version: Type.Literal(1),
    /** The id of the key that signs it, which numbers its anchors from 1 on. */
    key: Type.String(),
    number: Type.Integer({ minimum: 1 }),
    at: Type.Integer(),
    /** SHA-256 of the anchor of this key before; empty: it is the first. */
    previous: Type.String(),
    heads: Type.Array(Type.Object({ account: Type.String(), ...Head })),
  },
  { additionalProperties: false },
);
export type AnchorContent = Static<typeof AnchorContent>;

/** What the anchor of one account says: its heads in an anchor of the server, which has that number. */
const AccountAnchorContent = Type.Object(
  {
    version: Type.Literal(1),
    key: Type.String(),
    number: Type.Integer({ minimum: 1 }),
    at: Type.Integer(),
    account: Type.String(),
    heads: Type.Array(Type.Object(Head)),
  },
  { additionalProperties: false },
);
export type AccountAnchorContent = Static<typeof AccountAnchorContent>;

/** An anchor as one line of text. The signature is over the octets of `anchor`, as they are there. */
export type SignedLine<Content = AnchorContent> = {
  readonly content: Content;
  readonly text: string;
  readonly signature: string;
};

/** What the next anchor of a key must know of the one before. */
export type LastAnchor = { readonly key: string; readonly number: number; readonly hash: string };

/** The anchor after one, of the same key. */
export function signAnchor(
  key: AnchorKey,
  before: LastAnchor | undefined,
  at: number,
  chains: readonly Chain[],
): Anchor {
  const content: AnchorContent = {
    version: 1,
    key: key.id,
    number: (before?.number ?? 0) + 1,
    at,
    previous: before === undefined ? '' : before.hash,
    heads: chains.map((chain) => ({ account: chain.account, ...headOf(chain) })),
  };
  return { key: key.id, number: content.number, at, line: signLine(key, content) };
}

/** The line of an account, whose chains are in an anchor: nothing of other accounts. */
export function signAccountAnchor(
  key: AnchorKey,
  { number, at }: Pick<Anchor, 'number' | 'at'>,
  account: string,
  chains: readonly Chain[],
): string {
  const heads = chains.map(headOf);
  const content: AccountAnchorContent = { version: 1, key: key.id, number, at, account, heads };
  return signLine(key, content);
}

function headOf({ log, lastEntry, head }: Chain) {
  return { log, entry: lastEntry, head: Buffer.from(head).toString('hex') };
}

function signLine(key: AnchorKey, content: AnchorContent | AccountAnchorContent): string {
  const text = JSON.stringify(content);
  return `{"anchor":${text},"signature":"${key.sign(text)}"}`;
}

export function lineHash(line: string): string {
  return hash('sha256', line, 'hex');
}

const LINE = /^\{"anchor":(\{.*\}),"signature":"([A-Za-z0-9+/]{86}==)"\}$/;

/** undefined: it is no anchor. */
export function readAnchorLine(line: string): SignedLine | undefined {
  const read = readLine(line);
  return read && Value.Check(AnchorContent, read.content) ? { ...read, content: read.content } : undefined;
}

/** undefined: it is no anchor of an account. */
export function readAccountAnchorLine(line: string): SignedLine<AccountAnchorContent> | undefined {
  const read = readLine(line);
  return read && Value.Check(AccountAnchorContent, read.content)
    ? { ...read, content: read.content }
    : undefined;
}

function readLine(line: string): SignedLine<unknown> | undefined {
  const [, text = '', signature = ''] = LINE.exec(line) ?? [];
  try {
    return { content: JSON.parse(text), text, signature };
  } catch {
    return undefined;
  }
}

const Message = Type.Object({ data: Type.Object({ line: Type.String() }) });

/** The anchor in what a receiver has kept: the line alone, or the whole message of a webhook. */
export function anchorLineIn(kept: string): string {
  if (!kept.startsWith('{"type"')) return kept;
  try {
    const message: unknown = JSON.parse(kept);
    return Value.Check(Message, message) ? message.data.line : kept;
  } catch {
    return kept;
  }
}
