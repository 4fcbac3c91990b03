import { hash } from 'node:crypto';
import { type Static, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { type Anchor, type Chain, logNames } from '../store/ports/logs/chains.ts';
import type { AnchorKey } from './anchor-key.ts';

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
    heads: Type.Array(
      Type.Object({
        account: Type.String(),
        log: Type.Union(logNames.map((log) => Type.Literal(log))),
        entry: Type.Integer(),
        head: Type.String(),
      }),
    ),
  },
  { additionalProperties: false },
);
export type AnchorContent = Static<typeof AnchorContent>;

/** An anchor as one line of text. The signature is over the octets of `anchor`, as they are there. */
export type SignedLine = {
  readonly content: AnchorContent;
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
    heads: chains.map(({ account, log, lastEntry, head }) => ({
      account,
      log,
      entry: lastEntry,
      head: Buffer.from(head).toString('hex'),
    })),
  };
  const text = JSON.stringify(content);
  const line = `{"anchor":${text},"signature":"${key.sign(text)}"}`;
  return { key: key.id, number: content.number, at, line };
}

export function lineHash(line: string): string {
  return hash('sha256', line, 'hex');
}

const LINE = /^\{"anchor":(\{.*\}),"signature":"([A-Za-z0-9+/]{86}==)"\}$/;

/** undefined: it is no anchor. */
export function readAnchorLine(line: string): SignedLine | undefined {
  const [, text = '', signature = ''] = LINE.exec(line) ?? [];
  try {
    const content: unknown = JSON.parse(text);
    return Value.Check(AnchorContent, content) ? { content, text, signature } : undefined;
  } catch {
    return undefined;
  }
}
