import type { AuditStore } from '../ports/audit.ts';
import { type AuditRow, auditFromRow, auditToRow } from '../rows/audit.ts';
import type { GroupCommit } from './group-commit.ts';
import type { Statements } from './statements.ts';

/** The audit log in SQLite. */
export function sqliteAudit(statements: Statements, { read, write }: GroupCommit): AuditStore {
  return {
    addAuditEntry: (entry) =>
      write(() => {
        statements.insertAuditEntry(auditToRow(entry));
      }),
    auditEntries: (account, after, count) =>
      read(() => (statements.auditEntries.all(account, after, count) as AuditRow[]).map(auditFromRow)),
  };
}
