import type { SQLInputValue, StatementSync } from 'node:sqlite';
import { sql } from 'kysely';
import type { AuditEntry, AuditFilter, AuditStore } from '../ports/audit.ts';
import { type AuditRow, auditColumns, auditFromRow, auditTargetColumns, auditToRow } from '../rows/audit.ts';
import { type Connection, prepareLazily } from './connection/connection.ts';
import { fillPage, rowsOf } from './connection/read-rows.ts';
import { prepareInsert, prepareReturningInsert } from './connection/write-row.ts';

/** Processes that write at the same time may number their entries in another order than that of their times, within this distance. */
const OUT_OF_ORDER = 1000;

export function sqliteAudit(connection: Connection): AuditStore {
  const { readLong, readable, write, kysely, prepare } = connection;
  const statements = prepareStatements(connection);
  const queries = new Map<string, StatementSync>();
  const add = (entry: AuditEntry) => {
    const { id } = statements.insert(auditToRow(entry)) as AuditRow;
    for (const target of new Set(entry.targets))
      statements.insertTarget({ account: entry.account, target, entry: id });
  };
  /** The ids that entries of these times have at least and at most. */
  const idsWithin = ({ account, since, until, before = Number.MAX_SAFE_INTEGER }: AuditFilter) => {
    const idOf = (row: unknown) => (row as { id: number } | undefined)?.id;
    const earlier = since === undefined ? undefined : idOf(statements.lastBefore.get(account, since));
    const later = until === undefined ? undefined : idOf(statements.firstFrom.get(account, until));
    return [
      earlier === undefined ? 0 : earlier - OUT_OF_ORDER,
      later === undefined ? before : Math.min(before, later + OUT_OF_ORDER),
    ] as const;
  };
  const rowsOfPage = (filter: AuditFilter) => {
    const [low, high] = idsWithin(filter);
    const query = entriesQuery(kysely, filter, low, high);
    const { sql: text, parameters } = query.compile();
    const statement = queries.get(text) ?? prepare(query);
    queries.set(text, statement); // one for each set of filters
    return rowsOf(statement, ...(parameters as SQLInputValue[]));
  };
  const entries = (filter: AuditFilter) =>
    fillPage(
      filter.count,
      filter.before ?? Number.MAX_SAFE_INTEGER,
      (before, count) => rowsOfPage({ ...filter, before, count }),
      (rows) => readable(rows, auditFromRow, ({ id }: AuditRow) => `audit ${id}`),
    );
  return {
    addAuditEntry: (entry) => write(() => add(entry)),
    auditEntries: (filter) => readLong(() => entries(filter)),
  };
}

function entriesQuery(kysely: Connection['kysely'], filter: AuditFilter, low: number, high: number) {
  const { account, keyId, operator, operation, target, since, until, count } = filter;
  const own = kysely.selectFrom('audit').selectAll('audit').where('audit.account', '=', account);
  const ofTarget =
    target === undefined
      ? own.where('audit.id', '>', low).where('audit.id', '<', high)
      : own
          .innerJoin('audit_target', 'audit_target.entry', 'audit.id')
          .where('audit_target.account', '=', account)
          .where('audit_target.target', '=', target)
          .where('audit_target.entry', '>', low)
          .where('audit_target.entry', '<', high);
  return ofTarget
    .$if(keyId !== undefined, (query) => query.where('audit.key_id', '=', keyId ?? ''))
    .$if(operator !== undefined, (query) => query.where('audit.operator', '=', operator ?? ''))
    .$if(operation !== undefined, (query) => query.where('audit.operation', '=', operation ?? ''))
    .$if(since !== undefined, (query) => query.where('audit.at', '>=', since ?? 0))
    .$if(until !== undefined, (query) => query.where('audit.at', '<', until ?? 0))
    .orderBy('audit.id', 'desc')
    .limit(count);
}

function prepareStatements({ db, kysely, prepare }: Connection) {
  const times = () => kysely.selectFrom('audit').select('id').where('account', '=', '');
  return prepareLazily({
    insert: () => prepareReturningInsert(db, 'audit', auditColumns),
    insertTarget: () => prepareInsert(db, 'audit_target', auditTargetColumns),
    lastBefore: () => prepare(times().where('at', '<', 0).orderBy('at', 'desc').limit(sql.lit(1))),
    firstFrom: () => prepare(times().where('at', '>=', 0).orderBy('at').limit(sql.lit(1))),
  });
}
