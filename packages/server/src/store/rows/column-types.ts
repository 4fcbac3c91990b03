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
type Kind = keyof Values;
/**
 * `secret`: the database has only sealed values. `hashed`: rows are found by it, so the database has a keyed hash, and the value is sealed in the column with
 * `_sealed` behind its name; an empty value is no secret. `lookup`: only the keyed hash of a secret value, which is in the column without `_hash` behind its
 * name. Every other column is plain: its values give nothing away that would have to be sealed.
 */
export type Columns = Readonly<
  Record<
    string,
    Kind | `secret ${Kind & (`text${string}` | `bytes${string}`)}` | 'hashed text?' | 'lookup text?'
  >
>;
/** With secrets as they are before they are sealed, and after they are opened. */
export type Row<C extends Columns> = {
  readonly [N in keyof C]: C[N] extends `${'secret' | 'hashed' | 'lookup'} ${infer K extends Kind}`
    ? Values[K]
    : Values[C[N] & Kind];
};
/** A row with the number that the database gives it. */
export type Numbered<R> = R & { readonly id: number };
