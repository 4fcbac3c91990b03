import { createBuckets } from '../limits/buckets.ts';
import type { AuditEntry, AuditStore } from '../store/ports/audit.ts';

/** Refused callers can be anybody, so the audit log has only some of them. */
const PER_ACCOUNT = 10;
const IN_ALL = 60;

/** Writes audit entries of refused callers: at most 10 a minute for each account, and 60 a minute in all. More are dropped. */
export function createRefusalAudit(store: AuditStore): (entry: AuditEntry) => Promise<void> {
  const ofAccount = createBuckets(PER_ACCOUNT);
  const inAll = createBuckets(IN_ALL);
  return async (entry) => {
    const { account, at } = entry;
    const isFull = inAll.wait('', at) > 0 || ofAccount.take(account, at) > 0;
    if (isFull) return;
    inAll.take('', at);
    await store.addAuditEntry(entry);
  };
}
