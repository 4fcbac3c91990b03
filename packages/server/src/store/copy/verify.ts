import { createHash } from 'node:crypto';
import { StoreError } from '../ports/store-error.ts';
import { type CopyEnd, nameOfRow, type Table } from './copy-end.ts';
import { commonTables, type Report } from './copy-tables.ts';
import { differences, digestsOf, hashed, SLICE, type VerifiedTable } from './differences.ts';

/**
 * Compares both ends completely, but for tables that were compared already and not changed since. Throws a StoreError that names the first
 * difference.
 */
export async function verifyCopy(
  source: CopyEnd,
  target: CopyEnd,
  report: Report,
  compared: readonly VerifiedTable[] = [],
): Promise<readonly VerifiedTable[]> {
  const verified: VerifiedTable[] = [];
  for (const table of await commonTables(source, target)) {
    const known = compared.find((one) => one.table === table.name);
    if (known !== undefined) report(table.name, known.rows);
    verified.push(known ?? (await verifyTable(source, target, table, report)));
    if (table.isNumbered && (await source.lastNumber(table)) !== (await target.lastNumber(table)))
      throw new StoreError(`the next number of ${table.name} differs: run the copy again`);
  }
  if (!(await target.countsAreRight()))
    throw new StoreError(`the counts of profiles in ${target.place} are wrong: copy into an empty database`);
  return verified.toSorted((a, b) => (a.table < b.table ? -1 : 1));
}

/** The checksum of the target is computed from what the target returns, so equal checksums say that what is stored is equal. */
async function verifyTable(source: CopyEnd, target: CopyEnd, table: Table, report: Report) {
  const [ours, theirs] = [createHash('sha256'), createHash('sha256')];
  let rows = 0;
  for await (const { key, is } of differences(
    hashed(digestsOf(source, table), ours),
    hashed(digestsOf(target, table), theirs),
  )) {
    if (is !== 'same')
      throw new StoreError(`the row ${nameOfRow(table.name, key)} of the copy is ${is}: run the copy again`);
    if (++rows % SLICE === 0) report(table.name, SLICE);
  }
  report(table.name, rows % SLICE);
  const [sha256, other] = [ours.digest('hex'), theirs.digest('hex')];
  if (sha256 !== other) throw new StoreError(`the checksums of ${table.name} differ: run the copy again`);
  return { table: table.name, rows, sha256 };
}
