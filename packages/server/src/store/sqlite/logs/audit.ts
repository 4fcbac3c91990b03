import { sql } from 'kysely';
import type { AuditEntry, AuditFilter, AuditStore } from '../../ports/audit.ts';
import {
  type AuditRow,
  auditColumns,
  auditFromRow,
  auditTargetColumns,
  auditToRow,
} from '../../rows/audit.ts';
import { type Connection, prepareLazily } from '../connection/connection.ts';
import { prepareInsert, prepareReturningInsert } from '../connection/write-row.ts';
import { isOneOf, type LogRoute, logReader, timesWithin } from './log-page.ts';

export function sqliteAudit(connection: Connection): AuditStore {
  const { db, readable, write } = connection;
  const statements = prepareLazily({
    insert: () => prepareReturningInsert(db, 'audit', auditColumns),
    insertTarget: () => prepareInsert(db, 'audit_target', auditTargetColumns),
  });
  const add = (entry: AuditEntry) => {
    const { id } = statements.insert(auditToRow(entry)) as AuditRow;
    for (const target of new Set(entry.targets))
      statements.insertTarget({ account: entry.account, target, entry: id });
  };
  const readPage = logReader(
    connection,
    (rows) => readable(rows, auditFromRow, ({ id }: AuditRow) => `audit ${id}`),
    ({ at }: AuditRow) => at,
  );
  return {
    addAuditEntry: (entry) => write(() => add(entry)),
    auditEntries: ({ sort = 'newest', ...filter }) => readPage(routeOf(filter), { ...filter, sort }),
  };
}

const [id, time] = [sql.ref('audit.id'), sql.ref('audit.at')];

/** Along the entries of a target; or along the times if they are limited; or along those of a key, operator or operation. */
function routeOf(filter: AuditFilter): LogRoute {
  const { account, target, since, until, ...others } = filter;
  const log = { from: sql`audit`, columns: sql`audit.*`, id };
  const conditions = { key_id: others.keyId, operator: others.operator, operation: others.operation };
  const except = (served?: string) =>
    Object.entries(conditions).flatMap(([column, value]) =>
      value === undefined || column === served ? [] : isOneOf(sql.ref(`audit.${column}`), [value]),
    );
  if (target !== undefined)
    return {
      ...log,
      from: sql`audit_target cross join audit`,
      id: sql.ref('audit_target.entry'),
      equal: [
        sql<boolean>`audit_target.account = ${account}`,
        sql<boolean>`audit_target.target = ${target}`,
        sql<boolean>`audit.id = audit_target.entry`,
      ],
      others: [...except(), ...timesWithin(time, filter)],
    };
  const own = sql<boolean>`audit.account = ${account}`;
  if (since !== undefined || until !== undefined) return { ...log, equal: [own], time, others: except() };
  const [served] = Object.entries(conditions).filter(([, value]) => value !== undefined);
  if (served === undefined) return { ...log, equal: [own], others: [] };
  const [column, value] = served;
  return {
    ...log,
    equal: [own, sql<boolean>`${sql.ref(`audit.${column}`)} = ${value}`],
    others: except(column),
  };
}
