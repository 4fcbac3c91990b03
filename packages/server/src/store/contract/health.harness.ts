import assert from 'node:assert/strict';
import type { ServerStore } from '../ports/server-store.ts';

/** The contract of the health. */
export const healthContract: Record<string, (store: ServerStore) => Promise<void>> = {
  'a store that was opened can be written and has the newest schema': async (store) => {
    for (const _ of [1, 2]) await store.tryWrite();
    const { found, known } = await store.schemaVersion();
    assert.equal(found, known);
    assert.ok(known > 0);
  },
};
