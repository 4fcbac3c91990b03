import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { makeClientIdentity, type Operator } from '../ports/operators.ts';
import type { ServerStore } from '../ports/server-store.ts';

const pinned: Operator = {
  name: 'b',
  account: 'lab',
  identity: { certificateSha256: new Uint8Array(32).fill(1) },
  requesterIdentifiers: ['b', '1.3.6.1.4.1.99999.1'],
  createdAt: 1,
};
const underCa: Operator = {
  name: 'a',
  account: 'lab',
  identity: { caCertificate: Uint8Array.of(0x30, 0) },
  requesterIdentifiers: ['a "quoted" one'],
  createdAt: 2,
};

/** The contract of operators. */
export const operatorContract: Record<string, (store: ServerStore) => Promise<void>> = {
  'operators are read back as they were added, by name, and a name is unique': async (store) => {
    await store.addAccount({ id: 'lab', name: 'Lab', createdAt: 1 });
    assert.deepEqual(await store.operators(), []);
    for (const operator of [pinned, underCa]) assert.equal(await store.addOperator(operator), 'added');
    assert.equal(await store.addOperator({ ...underCa, name: 'b' }), 'exists');
    assert.deepEqual(await store.operators(), [underCa, pinned]);
    assert.deepEqual(await store.operator('b'), pinned);
    assert.equal(await store.operator('c'), undefined);
  },
  'where downloads are reported to an operator can be changed, and is read back': async (store) => {
    await store.addAccount({ id: 'lab', name: 'Lab', createdAt: 1 });
    await store.addOperator(pinned);
    const plain = { url: 'https://op.example.com/x', style: '101', from: 1_700_000_000_123 } as const;
    const full = { ...plain, after: 9, client: makeClientIdentity('a certificate', 'a key'), ca: 'a CA' };
    for (const progress of [plain, full]) {
      const after = { ...pinned, progress };
      assert.deepEqual(await store.updateOperator('b', (operator) => ({ ...operator, progress })), after);
      assert.deepEqual(await store.operators(), [after]);
    }
    const [{ progress } = pinned] = await store.operators();
    assert.deepEqual([progress?.client?.certificate, progress?.client?.key], ['a certificate', 'a key']);
    assert.ok(!/a key/.test(JSON.stringify(progress) + inspect(progress)));
    await store.updateOperator('b', ({ progress: _, ...operator }) => operator);
    assert.deepEqual(await store.operators(), [pinned]);
    assert.equal(await store.updateOperator('a', (operator) => operator), undefined);
    await store.deleteOperator('b');
    await store.addOperator({ ...pinned, progress: full });
    assert.deepEqual(await store.operators(), [{ ...pinned, progress: full }]);
  },
  'an operator that is deleted is gone, and its name is free': async (store) => {
    await store.addAccount({ id: 'lab', name: 'Lab', createdAt: 1 });
    await store.addOperator(pinned);
    assert.equal(await store.deleteOperator('a'), undefined);
    assert.equal(await store.deleteOperator('b'), 'lab');
    assert.equal(await store.operator('b'), undefined);
    assert.deepEqual(await store.operators(), []);
    assert.equal(await store.addOperator({ ...underCa, name: 'b' }), 'added');
  },
};
