import assert from 'node:assert/strict';
import type { AuditEntry } from '../ports/audit.ts';
import type { ServerStore } from '../ports/server-store.ts';

const full: AuditEntry = {
  at: 1_700_000_000_123,
  account: 'a',
  keyId: '0123456789abcdef',
  address: '::1',
  operation: 'orderEUICCProfile',
  target: '8900101000000000017',
  status: 200,
  requestId: 'r',
};
const bare: AuditEntry = { at: 1_700_000_000_124, account: 'a', operation: 'esim key create' };

/** The contract of the audit log. */
export const auditContract: Record<string, (store: ServerStore) => Promise<void>> = {
  'audit entries are read back as they were added, in their order, by account': async (store) => {
    for (const entry of [full, { ...bare, account: 'b' }, bare]) await store.addAuditEntry(entry);
    const read = await store.auditEntries('a', 0, 10);
    assert.deepEqual(
      read.map(({ id: _, ...entry }) => entry),
      [full, bare],
    );
    const [first, second] = read;
    assert.ok(first && second && first.id < second.id);
    assert.deepEqual(await store.auditEntries('a', first.id, 10), [second]);
    assert.deepEqual(await store.auditEntries('a', 0, 1), [first]);
  },
};
