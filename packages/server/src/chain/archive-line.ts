import { type Static, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { type Chain, logNames } from '../store/ports/logs/chains.ts';
import type { OldRecord, OldRecordKind } from '../store/ports/logs/old-records.ts';
import type { LinkedPair } from './compare.ts';

const Hex = Type.String({ pattern: '^[0-9a-f]{64}$' });

/** An entry in the archive, with its link. Without salt and content: what it said was erased before. */
const ArchiveLine = Type.Object(
  {
    version: Type.Literal(1),
    log: Type.Union(logNames.map((log) => Type.Literal(log))),
    account: Type.String(),
    entry: Type.Integer(),
    /** The head of the chain before the entry, and at it. */
    previous: Hex,
    head: Hex,
    /** Of salt and content. */
    hash: Hex,
    salt: Type.Optional(Type.String({ pattern: '^[0-9a-f]{32}$' })),
    content: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  },
  { additionalProperties: false },
);
export type ArchiveLine = Static<typeof ArchiveLine>;

const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

/** The lines of entries of a chain that follow each other, the first one behind a head. */
export function archiveLines(
  { log, account }: Pick<Chain, 'log' | 'account'>,
  before: Uint8Array,
  pairs: readonly LinkedPair[],
): readonly string[] {
  let previous = hexOf(before);
  return pairs.map(({ link, entry }) => {
    const { salt } = link;
    const line = {
      version: 1,
      log,
      account,
      entry: link.entry,
      previous,
      head: hexOf(link.head),
      hash: hexOf(link.hash),
    };
    previous = line.head;
    const text = JSON.stringify(line);
    if (salt === undefined || entry === undefined) return text;
    return `${text.slice(0, -1)},"salt":"${hexOf(salt)}","content":${entry.content}}`;
  });
}

/** The line of a record that belongs to no chain. */
export function recordLine(kind: OldRecordKind, { content }: OldRecord): string {
  return `{"version":1,"record":"${kind}","content":${content}}`;
}

/** undefined: it is no entry. */
export function readArchiveLine(text: string): ArchiveLine | undefined {
  try {
    const line: unknown = JSON.parse(text);
    return Value.Check(ArchiveLine, line) ? line : undefined;
  } catch {
    return undefined;
  }
}
