import type { AuditEntry, AuditStore } from '../../ports/audit.ts';
import {
  type AuditRow,
  auditColumns,
  auditFromRow,
  auditTargetColumns,
  auditToRow,
} from '../../rows/audit.ts';
import { auditRoute } from '../../statements/logs/audit.ts';
import { type Connection, prepareLazily } from '../connection/connection.ts';
import { prepareInsert, prepareReturningInsert } from '../connection/write-row.ts';
import { logReader } from './log-page.ts';

export function sqliteAudit(connection: Connection): AuditStore {
  const { readable, write } = connection;
  const add = auditWriter(connection);
  const readPage = logReader(connection, {
    recordsIn: (rows) => readable(rows, auditFromRow, ({ id }: AuditRow) => `audit ${id}`),
    timeOf: ({ at }: AuditRow) => at,
  });
  return {
    addAuditEntry: (entry) => write(() => add(entry)),
    auditEntries: ({ sort = 'newest', ...filter }) => readPage(auditRoute(filter), { ...filter, sort }),
  };
}

export function auditWriter(connection: Connection): (entry: AuditEntry) => void {
  const statements = prepareLazily({
    insert: () => prepareReturningInsert(connection, 'audit', auditColumns),
    insertTarget: () => prepareInsert(connection, 'audit_target', auditTargetColumns),
  });
  return (entry) => {
    const { id } = statements.insert(auditToRow(entry)) as AuditRow;
    for (const target of new Set(entry.targets))
      statements.insertTarget({ account: entry.account, target, entry: id });
  };
}
