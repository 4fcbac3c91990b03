import assert from 'node:assert/strict';
import type { AuditEntry, AuditFilter } from '../ports/audit.ts';
import type { ServerStore } from '../ports/server-store.ts';

const full: AuditEntry = {
  at: 1_700_000_000_123,
  account: 'a',
  keyId: '0123456789abcdef',
  address: '::1',
  operation: 'generateEUICCProfiles',
  targets: ['8900101000000000017', '8900101000000000025', 'type "basic" \u{1F4F1}'],
  targetCount: 300,
  status: 201,
  requestId: 'r',
};
const bare: AuditEntry = {
  at: 1_700_000_000_124,
  account: 'a',
  operation: 'esim key create',
  targets: [],
};
const byOperator: AuditEntry = {
  at: 1_700_000_000_125,
  account: 'a',
  operator: 'shop',
  operation: 'ES2+.ConfirmOrder',
  targets: ['8900101000000000017'],
  status: 200,
  code: '8.2.1/3.9',
};

const withoutIds = (entries: readonly (AuditEntry & { readonly id: number })[]) =>
  entries.map(({ id: _, ...entry }) => entry);

/** The contract of the audit log. */
export const auditContract: Record<string, (store: ServerStore) => Promise<void>> = {
  'audit entries are read back as they were added, the newest first, by account': async (store) => {
    for (const entry of [full, { ...bare, account: 'b' }, bare]) await store.addAuditEntry(entry);
    const read = (await store.auditEntries({ account: 'a', count: 10 })).items;
    assert.deepEqual(withoutIds(read), [bare, full]);
    const [last, first] = read;
    assert.ok(first && last && first.id < last.id);
    assert.deepEqual((await store.auditEntries({ account: 'a', after: { id: last.id }, count: 10 })).items, [
      first,
    ]);
    assert.deepEqual((await store.auditEntries({ account: 'a', count: 1 })).items, [last]);
  },
  'audit entries are found by key, operator, operation, target and time, and by all of them': async (
    store,
  ) => {
    const others = ['a', 'b'].map((account) => ({ ...full, account, keyId: 'f'.repeat(16), targets: [] }));
    for (const entry of [full, bare, byOperator, ...others]) await store.addAuditEntry(entry);
    const found = async (filter: Partial<AuditFilter>) =>
      withoutIds((await store.auditEntries({ account: 'a', count: 10, ...filter })).items);
    const { keyId = '', operation, targets, at } = full;
    assert.deepEqual(await found({ keyId }), [full]);
    assert.deepEqual(await found({ operator: 'shop' }), [byOperator]);
    assert.deepEqual(await found({ operation: 'esim key create' }), [bare]);
    for (const target of targets.slice(1)) assert.deepEqual(await found({ target }), [full]);
    assert.deepEqual(await found({ target: targets[0] ?? '' }), [byOperator, full]);
    assert.deepEqual(await found({ target: targets[0] ?? '', account: 'b' }), []);
    assert.deepEqual(await found({ since: at + 1 }), [byOperator, bare]);
    assert.deepEqual(await found({ since: at + 1, until: at + 2 }), [bare]);
    assert.deepEqual(await found({ until: at }), []);
    assert.deepEqual(await found({ keyId, operation, target: targets[1] ?? '', since: at, until: at + 1 }), [
      full,
    ]);
  },
};
