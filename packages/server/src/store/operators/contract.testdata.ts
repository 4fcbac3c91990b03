import assert from 'node:assert/strict';
import type { ServerStore } from '../port.ts';
import type { Operator } from './port.ts';

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

/** What a store owes to those who ask for operators. */
export const operatorContract: Record<string, (store: ServerStore) => Promise<void>> = {
  'operators are read back as they were added, by name, and a name is given once': async (store) => {
    await store.addAccount({ id: 'lab', name: 'Lab', createdAt: 1 });
    assert.deepEqual(await store.operators(), []);
    for (const operator of [pinned, underCa]) assert.equal(await store.addOperator(operator), 'added');
    assert.equal(await store.addOperator({ ...underCa, name: 'b' }), 'exists');
    assert.deepEqual(await store.operators(), [underCa, pinned]);
  },
  'an operator that is removed is gone, and its name is free': async (store) => {
    await store.addAccount({ id: 'lab', name: 'Lab', createdAt: 1 });
    await store.addOperator(pinned);
    assert.equal(await store.removeOperator('a'), 'unknown');
    assert.equal(await store.removeOperator('b'), 'removed');
    assert.deepEqual(await store.operators(), []);
    assert.equal(await store.addOperator({ ...underCa, name: 'b' }), 'added');
  },
};
