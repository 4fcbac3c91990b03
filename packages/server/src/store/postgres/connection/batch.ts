import type { Submittable, Connection as Wire } from 'pg';

/** A statement in SQL, with $1, $2 … for its values. */
export type Statement = {
  readonly text: string;
  /** The name under which a connection keeps it prepared. */
  readonly name: string;
  /** Whether rows are arrays of values instead of objects. */
  readonly arrays: boolean;
};

export type Call = { readonly statement: Statement; readonly values: readonly unknown[] };

export type Result = { readonly rows: unknown[]; readonly changes: number };

type Field = { readonly name: string; readonly dataTypeID: number };

/** What a connection has prepared: the columns of each statement, by its name. */
export type Prepared = Map<string, readonly Field[]>;

/** The messages of the protocol, as the driver gives them to a query. */
type RowDescription = { readonly fields: readonly Field[] };
type DataRow = { readonly fields: readonly (string | null)[] };
type CommandComplete = { readonly text: string };

/**
 * Several statements in one round trip: all are sent at once, with one Sync behind the last. For PostgreSQL that is one
 * transaction; when one of them fails, those behind it are skipped and those before it are undone. Without `prepared`, nothing is kept
 * on the connection, as poolers in transaction mode need it.
 */
export class Batch implements Submittable {
  readonly results: Promise<Result[]>;
  readonly #calls: readonly Call[];
  readonly #prepared: Prepared | undefined;
  readonly #settled = Promise.withResolvers<Result[]>();
  readonly #done: Result[] = [];
  #rows: unknown[] = [];
  #fields: readonly Field[] = [];
  #error: unknown;

  constructor(calls: readonly Call[], prepared: Prepared | undefined) {
    this.#calls = calls;
    this.#prepared = prepared;
    this.results = this.#settled.promise;
    this.#useFields();
  }

  submit(wire: Wire): void {
    const { stream } = wire;
    stream.cork();
    const named = new Set<string>();
    for (const call of this.#calls) this.#send(wire, call, named);
    wire.sync();
    stream.uncork();
  }

  /** `named`: the statements that this batch prepares. */
  #send(wire: Wire, { statement, values }: Call, named: Set<string>): void {
    const name = this.#prepared === undefined ? '' : statement.name;
    const isKnown = name !== '' && (this.#prepared?.has(name) || named.has(name));
    if (!isKnown) {
      if (name !== '') wire.close({ type: 'S', name }, true); // it may be left over from a batch that failed
      wire.parse({ text: statement.text, name, types: [] }, true);
      wire.describe({ type: 'S', name }, true);
      if (name !== '') named.add(name);
    }
    wire.bind({ statement: name, values: values.map(toWire) } as never, true);
    wire.execute({ portal: '' }, true);
  }

  handleRowDescription({ fields }: RowDescription): void {
    this.#fields = fields.map(({ name, dataTypeID }) => ({ name, dataTypeID }));
  }

  handleDataRow({ fields: values }: DataRow): void {
    const arrays = this.#calls[this.#done.length]?.statement.arrays === true;
    this.#rows.push(arrays ? this.#arrayOf(values) : this.#objectOf(values));
  }

  #arrayOf(values: readonly (string | null)[]): unknown[] {
    return values.map((value, i) => fromWire(value, this.#fields[i]?.dataTypeID));
  }

  #objectOf(values: readonly (string | null)[]): object {
    const row: Record<string, unknown> = {};
    for (const [i, { name, dataTypeID }] of this.#fields.entries())
      row[name] = fromWire(values[i] as string | null, dataTypeID);
    return row;
  }

  handleCommandComplete({ text }: CommandComplete): void {
    const call = this.#calls[this.#done.length];
    if (call !== undefined) this.#prepared?.set(call.statement.name, this.#fields);
    this.#done.push({ rows: this.#rows, changes: Number(/\d+$/.exec(text)?.[0] ?? 0) });
    this.#rows = [];
    this.#useFields();
  }

  /** The columns of the next call, if they are known already. */
  #useFields(): void {
    const next = this.#calls[this.#done.length]?.statement.name ?? '';
    this.#fields = this.#prepared?.get(next) ?? [];
  }

  handleError(error: unknown): void {
    this.#error = error;
    this.#settled.reject(error);
  }

  handleReadyForQuery(): void {
    if (this.#error === undefined) this.#settled.resolve(this.#done);
  }

  handleEmptyQuery(): void {}
  handlePortalSuspended(): void {}
  handleCopyInResponse(): void {}
  handleCopyData(): void {}
}

/** Of the types that the tables have, and those of sums and counts. */
const [BYTEA, INT8, INT4, NUMERIC] = [17, 20, 23, 1700];

function fromWire(value: string | null | undefined, type: number | undefined): unknown {
  if (value === null || value === undefined) return null;
  if (type === INT8 || type === INT4 || type === NUMERIC) return numberFrom(value);
  if (type === BYTEA) return new Uint8Array(Buffer.from(value.slice(2), 'hex'));
  return value;
}

/** A bigint where a number would not be exact. */
function numberFrom(text: string): number | bigint {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : BigInt(text);
}

function toWire(value: unknown): string | Buffer | null {
  if (value === null || value === undefined) return null;
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  return withoutNul(String(value));
}

/** PostgreSQL stores every character but this one. Texts of callers that have it are refused, except in logs of what was refused. */
function withoutNul(text: string): string {
  return text.includes('\0') ? text.replaceAll('\0', '\ufffd') : text;
}
