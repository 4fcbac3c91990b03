import { hash } from 'node:crypto';
import type { Random } from '@esim-rsp/sgp22/crypto/random';
import type { ChainLink, LogEntry, LogName } from '../store/ports/logs/chains.ts';

/** Bytes of salt. Without it, the content of a hash cannot be found by trying. */
const SALT = 16;

const sha256 = (bytes: Uint8Array): Uint8Array => new Uint8Array(hash('sha256', bytes, 'buffer'));

/** What the chain of a log of an account begins with. */
export function firstHead(log: LogName, account: string): Uint8Array {
  return sha256(Buffer.from(JSON.stringify(['esim-rsp chain', 1, log, account])));
}

/** Says nothing of the content without the salt. */
export function saltedHash(salt: Uint8Array, { content }: Pick<LogEntry, 'content'>): Uint8Array {
  return sha256(Buffer.concat([salt, Buffer.from(content)]));
}

/** Commits to the entry, to its number, and to all entries before it. */
export function nextHead(head: Uint8Array, entry: number, entryHash: Uint8Array): Uint8Array {
  const number = Buffer.alloc(8);
  number.writeBigInt64BE(BigInt(entry));
  return sha256(Buffer.concat([head, number, entryHash]));
}

/** The link of an entry behind a head. */
export function linkEntry(head: Uint8Array, entry: LogEntry, random: Random): ChainLink {
  const salt = random(SALT);
  const own = saltedHash(salt, entry);
  return { entry: entry.id, salt, hash: own, head: nextHead(head, entry.id, own) };
}
