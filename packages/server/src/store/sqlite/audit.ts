import type { AuditStore } from '../ports/audit.ts';
import { type AuditRow, auditColumns, auditFromRow, auditToRow } from '../rows/audit.ts';
import { type Connection, prepareLazily } from './connection/connection.ts';
import { prepareInsert } from './connection/write-row.ts';

export function sqliteAudit({ db, kysely, prepare, read, write }: Connection): AuditStore {
  const statements = prepareLazily({
    insert: () => prepareInsert(db, 'audit', auditColumns),
    entries: () =>
      prepare(
        kysely
          .selectFrom('audit')
          .selectAll()
          .where('account', '=', '')
          .where('id', '>', 0)
          .orderBy('id')
          .limit(1),
      ),
  });
  return {
    addAuditEntry: (entry) => write(() => void statements.insert(auditToRow(entry))),
    auditEntries: (account, after, count) =>
      read(() => (statements.entries.all(account, after, count) as AuditRow[]).map(auditFromRow)),
  };
}
