import { reduceError } from './errors.ts';

/** How a member of a log line is written. undefined: it is left out. */
type Field<T> = (value: T) => unknown;

const text =
  (most: number): Field<string> =>
  (value) =>
    typeof value === 'string' ? value.slice(0, most) : undefined;
const number: Field<number> = (value) => (Number.isFinite(value) ? value : undefined);
const texts =
  (most: number, length: number): Field<readonly string[]> =>
  (values) =>
    Array.isArray(values) ? values.slice(0, most).map(text(length)) : undefined;
const counts =
  (most: number): Field<Readonly<Record<string, number>>> =>
  (values) =>
    Object.fromEntries(
      Object.entries(values)
        .slice(0, most)
        .map(([name, count]) => [name.slice(0, 100), number(count)]),
    );

/**
 * Everything that a log line can have besides time, level, process and text, with its type and its bound. What is not here is not
 * written: no keys, no codes, no MatchingIDs, no URLs and no bodies.
 */
export const fields = {
  /** Of the request: from x-request-id, or generated. */
  request_id: text(128),
  /** Of a download. */
  transaction_id: text(32),
  /** W3C Trace Context. */
  trace_id: text(32),
  /** The caller of ES2+ and ES9+ gets it when the server has failed. */
  error_id: text(40),
  interface: text(8),
  function: text(64),
  operator: text(200),
  function_call_identifier: text(128),
  /** HTTP status. */
  status: number,
  subject_code: text(16),
  reason_code: text(16),
  reason: text(500),
  /** Why something failed, and how often. */
  reasons: counts(30),
  code: text(64),
  address: text(64),
  job: text(40),
  kind: text(16),
  /** The id of a webhook, or the name of an operator; never a URL. */
  target: text(64),
  type: text(40),
  delivery_id: number,
  event_id: number,
  attempt: number,
  /** The id of this server among those that share a store. */
  node: text(16),
  worker: number,
  worker_pid: number,
  signal: text(16),
  /** A row of the database that cannot be read: its table and its key. */
  row: text(200),
  folder: text(500),
  names: texts(20, 255),
  warnings: texts(20, 500),
  refused: number,
  count: number,
  milliseconds: number,
  err: reduceError,
} as const;

/** Members that name a device or a subscription. Only ESIM_LOG_IDENTIFIERS=1 writes them. */
export const identifiers = {
  eid: text(32),
  iccid: text(20),
} as const;

type Table = typeof fields & typeof identifiers;
export type LogFields = {
  readonly [Name in keyof Table]?: Parameters<Table[Name]>[0] | undefined;
};

/** The members of a line that may be written, as far as their bounds allow. */
export function admit(proposed: LogFields, withIdentifiers: boolean): Record<string, unknown> {
  const admitted: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(proposed)) {
    const field = fieldOf(name, withIdentifiers);
    const written = value === undefined || value === null ? undefined : field?.(value as never);
    if (written !== undefined) admitted[name] = written;
  }
  return admitted;
}

function fieldOf(name: string, withIdentifiers: boolean): Field<never> | undefined {
  if (Object.hasOwn(fields, name)) return fields[name as keyof typeof fields];
  return withIdentifiers && Object.hasOwn(identifiers, name)
    ? identifiers[name as keyof typeof identifiers]
    : undefined;
}
