import { hash } from 'node:crypto';
import type { Cell } from './copy-end.ts';

/**
 * The digest of a row, the same on every engine: SHA-256 over its cells in the order of the names of their columns. NULL is `~`, a number
 * `i5`, a text `t`, its length in octets, `:` and the text, octets `b` and their SHA-256 in hex. PostgreSQL computes the same in SQL
 * (`store/postgres/copy/statements.ts`).
 */
export function rowDigest(cells: readonly Cell[]): string {
  return hash('sha256', cells.map(canonicalCell).join(''));
}

function canonicalCell(cell: Cell): string {
  if (cell === null) return '~';
  if (typeof cell === 'bigint') return `i${cell}`;
  if (typeof cell === 'string') return `t${Buffer.byteLength(cell)}:${cell}`;
  return `b${hash('sha256', cell)}`;
}
