import type { AuditStore, StoredAuditEntry } from '../ports/audit.ts';

/** An audit log that is forgotten when the process ends. */
export function memoryAudit(): AuditStore {
  const entries: StoredAuditEntry[] = [];
  return {
    addAuditEntry: async (entry) => void entries.push({ ...entry, id: entries.length + 1 }),
    auditEntries: async (account, after, count) =>
      entries.filter((entry) => entry.account === account && entry.id > after).slice(0, count),
  };
}
