import { createHash } from 'node:crypto';
import { StoreError } from '../ports/store-error.ts';
import { type CopyEnd, type Key, type Table, TakenError } from './copy-end.ts';
import { type Difference, differences, digestsOf, hashed, SLICE, type VerifiedTable } from './differences.ts';

/** Called for each slice: how many rows of which table were compared. */
export type Report = (table: string, rows: number) => void;

export type Copied = {
  readonly written: number;
  readonly deleted: number;
  /** The tables in which nothing differed: both ends were compared completely. */
  readonly equal: readonly VerifiedTable[];
};

/** Rows that are written at a time: each may have a package. */
const BATCH = 250;

/**
 * Makes the target equal to the source, as it was when its reading began: writes the rows that are missing or differ, and deletes those that the source
 * does not have. It can end at any row and begin again.
 */
export async function copyTables(source: CopyEnd, target: CopyEnd, report: Report): Promise<Copied> {
  const tables = await commonTables(source, target);
  const equal: VerifiedTable[] = [];
  const withObsolete: Table[] = [];
  let [written, deleted] = [0, 0];
  for (const table of tables) {
    const copied = await copyTable(source, target, table, report);
    written += copied.written;
    if (copied.hasObsolete) withObsolete.push(table);
    else if (copied.written === 0) equal.push(copied);
  }
  for (const table of withObsolete.reverse()) deleted += await removeObsolete(source, target, table);
  for (const table of tables.filter(({ isNumbered }) => isNumbered))
    await target.setLastNumber(table, await source.lastNumber(table));
  return { written, deleted, equal };
}

/** The tables, those first that others refer to. Both ends must have the same columns. */
export async function commonTables(source: CopyEnd, target: CopyEnd): Promise<readonly Table[]> {
  const [ours, theirs] = [await source.tables(), await target.tables()];
  const layout = (tables: readonly Table[]) =>
    JSON.stringify(tables.map(({ name, columns, key }) => ({ name, columns, key })));
  if (layout(ours) !== layout(theirs))
    throw new StoreError(
      `the tables of ${source.place} and ${target.place} differ: somebody has changed them; use databases that only this program changes`,
    );
  return parentsFirst(theirs);
}

function parentsFirst(tables: readonly Table[]): Table[] {
  const sorted: Table[] = [];
  const add = (table: Table) => {
    if (sorted.includes(table)) return;
    for (const other of tables) if (other !== table && table.parents.includes(other.name)) add(other);
    sorted.push(table);
  };
  for (const table of tables) add(table);
  return sorted;
}

type CopiedTable = VerifiedTable & { readonly written: number; readonly hasObsolete: boolean };

async function copyTable(
  source: CopyEnd,
  target: CopyEnd,
  table: Table,
  report: Report,
): Promise<CopiedTable> {
  try {
    return await writeDifferences(source, target, table, report);
  } catch (error) {
    if (!(error instanceof TakenError)) throw error;
    await releaseOld(source, target, table);
    return writeDifferences(source, target, table, () => undefined);
  }
}

/** Compares a table, and writes what is missing or differs. */
async function writeDifferences(
  source: CopyEnd,
  target: CopyEnd,
  table: Table,
  report: Report,
): Promise<CopiedTable> {
  let [written, rows, hasObsolete] = [0, 0, false];
  const sum = createHash('sha256');
  const batch = inBatches(async (keys) => {
    await target.write(table, await source.rows(table, keys));
    written += keys.length;
  });
  for await (const { key, is } of differences(
    hashed(digestsOf(source, table), sum),
    digestsOf(target, table),
  )) {
    if (++rows % SLICE === 0) report(table.name, SLICE);
    if (is === 'obsolete') hasObsolete = true;
    else if (is !== 'same') await batch.add(key);
  }
  await batch.end();
  report(table.name, rows % SLICE);
  return { table: table.name, rows, sha256: sum.digest('hex'), written, hasObsolete };
}

/** Rows that will change or disappear give up what only one row may have: another row may have it now. */
async function releaseOld(source: CopyEnd, target: CopyEnd, table: Table): Promise<void> {
  const batch = inBatches((keys) => target.release(table, keys));
  for await (const { key, is } of compare(source, target, table))
    if (is === 'changed' || is === 'obsolete') await batch.add(key);
  await batch.end();
}

async function removeObsolete(source: CopyEnd, target: CopyEnd, table: Table): Promise<number> {
  let removed = 0;
  const batch = inBatches((keys) => {
    removed += keys.length;
    return target.remove(table, keys);
  });
  for await (const { key, is } of compare(source, target, table)) if (is === 'obsolete') await batch.add(key);
  await batch.end();
  return removed;
}

function compare(source: CopyEnd, target: CopyEnd, table: Table): AsyncGenerator<Difference> {
  return differences(digestsOf(source, table), digestsOf(target, table));
}

function inBatches(work: (keys: readonly Key[]) => Promise<void>) {
  let keys: Key[] = [];
  const end = async () => {
    const own = keys;
    keys = [];
    if (own.length > 0) await work(own);
  };
  return {
    add: async (key: Key) => {
      keys.push(key);
      if (keys.length === BATCH) await end();
    },
    end,
  };
}
