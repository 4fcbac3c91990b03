import type { ProblemField } from '../../frame/problem.ts';

/** The place of a row: its line, the first being 1, or the name of its file in a zip. */
export type Place = { readonly line: number } | { readonly entry: string };

/** One profile to import: an unchecked body of createEUICCProfile, a package, or why it could not be read. */
export type RowContent =
  | { readonly body: unknown; readonly warning?: string }
  | { readonly package: Uint8Array }
  | { readonly fault: string; readonly iccid?: string; readonly errors?: ProblemField[] };
export type Row = Place & RowContent & { readonly source?: RowSource };

export function placeOf(row: Place): Place {
  return 'line' in row ? { line: row.line } : { entry: row.entry };
}

/** A row of CSV as it came, and the names of its columns. */
export type RowSource = { readonly columns: string[]; readonly fields: string[] };

/** What comes next cannot be read, or is not allowed any more (`unauthorized`). What came before it stays. */
export class ImportError extends Error {
  override readonly name = 'ImportError';
  readonly code: 'invalid_import' | 'unauthorized';

  constructor(message: string, code: ImportError['code'] = 'invalid_import') {
    super(message);
    this.code = code;
  }
}

/** Reads rows from octets as they come: those of each piece together. */
export type ReadRows = (pieces: AsyncIterable<Uint8Array>) => AsyncIterable<readonly Row[]>;

/** The largest row: what createEUICCProfile takes as its body. */
export const MAX_ROW = 1_500_000;
/** Rows of one import. */
export const MOST_ROWS = 1_000_000;
