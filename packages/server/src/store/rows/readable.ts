import { UnreadableRecordError, type UnreadableRow } from '../ports/unreadable-rows.ts';

/** Where unreadable rows go. */
export type ReportUnreadable = (row: UnreadableRow) => void;

/** The records of rows that can be read; `nameOf` gives the table and the key of a row. */
export type Readable = <R, T>(
  rows: readonly unknown[],
  fromRow: (row: R) => T,
  nameOf: (row: R) => string,
) => T[];

/** The record of the first row; undefined: there is none. Throws an UnreadableRecordError for a row that cannot be read. */
export type ReadableOne = <R, T>(
  rows: readonly unknown[],
  fromRow: (row: R) => T,
  nameOf: (row: R) => string,
  accountOf?: (row: R) => string,
) => T | undefined;

const MOST_REMEMBERED = 1000;

/** Remembers unreadable rows, each once, and passes new ones on. */
export function rememberUnreadable(report: ReportUnreadable) {
  const found = new Map<string, UnreadableRow>();
  const remember: ReportUnreadable = (one) => {
    if (found.has(one.row) || found.size >= MOST_REMEMBERED) return;
    found.set(one.row, one);
    report(one);
  };
  return { remember, unreadableRows: () => [...found.values()] };
}

/** A row that cannot be read is reported and skipped, and the others are still read. */
export function readableBy(report: ReportUnreadable): Readable {
  return (rows, fromRow, nameOf) =>
    rows.flatMap((row) => {
      try {
        mustHaveNumbers(row as object);
        return [fromRow(row as never)];
      } catch (error) {
        report({ row: nameOf(row as never), reason: (error as Error).message });
        return [];
      }
    });
}

/** An unreadable row is reported, and the caller gets an error that names its key. */
export function readableOneBy(report: ReportUnreadable): ReadableOne {
  return ([row], fromRow, nameOf, accountOf) => {
    if (row === undefined) return undefined;
    try {
      mustHaveNumbers(row as object);
      return fromRow(row as never);
    } catch (error) {
      const name = nameOf(row as never);
      report({ row: name, reason: (error as Error).message });
      throw new UnreadableRecordError(name, accountOf?.(row as never));
    }
  };
}

/** Runs for each row that is read, so it allocates nothing, and walks over lists without making names of their places. */
function mustHaveNumbers(row: object): void {
  if (Array.isArray(row)) for (let i = 0; i < row.length; i++) mustBeInRange(row[i], 'a column');
  else for (const column in row) mustBeInRange((row as Record<string, unknown>)[column], column);
}

function mustBeInRange(value: unknown, name: string): void {
  if (typeof value !== 'bigint') return;
  throw new RangeError(`${name} has ${value}, which is beyond the whole numbers of this program`);
}
