import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deletableBefore, deleteInSlices } from './expire-sessions.ts';

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

test('a session is kept for minutes after it has expired, also if none is to be shown', () => {
  const now = Date.UTC(2030, 0, 15, 12);
  assert.equal(now - deletableBefore(now, 0), 300_000);
  assert.equal(now - deletableBefore(now, 1), 86_400_000);
});
