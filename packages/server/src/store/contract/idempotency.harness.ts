import assert from 'node:assert/strict';
import type { ServerStore } from '../ports/server-store.ts';

const first = { account: 'a', key: 'k', fingerprint: 'f', begunAt: 1000 };
const answer = { status: 201, sealed: Uint8Array.of(1, 2) };

/** The contract of requests with an Idempotency-Key. */
export const idempotencyContract: Record<string, (store: ServerStore) => Promise<void>> = {
  'a request begins once, and its answer is returned when it is sent again': async (store) => {
    assert.equal(await store.beginRequest(first, 0), 'started');
    assert.deepEqual(await store.beginRequest({ ...first, begunAt: 2000 }, 0), first);
    await store.saveAnswer('a', 'k', answer, []);
    const again = { ...first, fingerprint: 'other', begunAt: 3000 };
    assert.deepEqual(await store.beginRequest(again, 9000), { ...first, answer });
    assert.equal(await store.beginRequest({ ...first, account: 'b' }, 0), 'started');
  },
  'a request that was refused or abandoned may begin again, and old ones go': async (store) => {
    await store.beginRequest(first, 0);
    await store.deleteRequest('a', 'k');
    assert.equal(await store.beginRequest(first, 0), 'started');
    assert.equal(await store.beginRequest({ ...first, begunAt: 5000 }, 1001), 'started');
    assert.equal(await store.deleteRequestsBefore(5000, 9), 0);
    assert.equal(await store.deleteRequestsBefore(5001, 9), 1);
    assert.equal(await store.beginRequest(first, 0), 'started');
  },
  'old requests are deleted a few at a time, those that began first': async (store) => {
    const requests = [3000, 1000, 2000].map((begunAt) => ({ ...first, key: String(begunAt), begunAt }));
    for (const request of requests) await store.beginRequest(request, 0);
    assert.equal(await store.deleteRequestsBefore(9000, 2), 2);
    assert.equal(await store.beginRequest({ ...first, key: '1000' }, 0), 'started');
    assert.deepEqual(await store.beginRequest({ ...first, key: '3000' }, 0), requests[0]);
  },
};
