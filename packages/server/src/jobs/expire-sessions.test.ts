import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deleteInSlices } from './expire-sessions.ts';

test('old rows are deleted in slices, with other work in between, until none is left', async () => {
  let [left, events] = [1234, ''];
  const deleteSome = async (most: number) => {
    assert.ok(most <= 1000);
    const deleted = Math.min(most, left);
    left -= deleted;
    events += 'd';
    setImmediate(() => {
      events += 'o';
    });
    await new Promise((resolve) => setImmediate(resolve)); // a write resolves after its commit, in a later turn
    return deleted;
  };
  assert.equal(await deleteInSlices(deleteSome), 1234);
  assert.equal(left, 0);
  assert.match(events, /^d(?:od)+o?$/);
});
