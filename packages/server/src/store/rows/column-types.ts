/** The columns of each table are declared once, next to its rows: they give the type of a row and the order in which values are bound. */

type Values = {
  text: string;
  'text?': string | null;
  /** Whole numbers up to 2^53; PostgreSQL's driver must be set to read bigint as a number. */
  integer: number;
  'integer?': number | null;
  bytes: Uint8Array;
  'bytes?': Uint8Array | null;
};
export type Columns = Readonly<Record<string, keyof Values>>;
export type Row<C extends Columns> = { readonly [N in keyof C]: Values[C[N]] };
/** A row with the number that the database gives it. */
export type Numbered<R> = R & { readonly id: number };
