import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openSqliteStore } from '../store.ts';

const folder = mkdtempSync(join(tmpdir(), 'esim-claims-'));
after(() => rmSync(folder, { recursive: true }));

const NOW = 1_700_000_000_000;
const BEHIND = 20_000;
const message = { kind: 'webhook', type: 'profile.released', createdAt: NOW } as const;

test('20,000 messages behind one that fails cost the deliveries of another account nothing', async () => {
  const store = await openSqliteStore(join(folder, 'outbox.db'));
  const crowded = { ...message, target: 'crowded', account: 'a', iccid: '8900101000000000017' };
  const quiet = { ...message, target: 'quiet', account: 'b', iccid: '8900101000000000025' };
  const deliveries = Array.from({ length: BEHIND + 1 }, () => crowded);
  await store.fanOut({ after: 0, upTo: 1, deliveries });
  const claim = (target: string, now: number) =>
    store.claimDelivery({ kind: 'webhook', target, node: 'n', now, leaseUntil: now + 30_000 });
  const head = (await claim('crowded', NOW)) ?? assert.fail();
  await store.settleDelivery(head, { state: 'pending', nextAttemptAt: NOW + 900_000 });
  let isLooking = true;
  const looking = claim('crowded', NOW + 1).finally(() => {
    isLooking = false;
  });
  let [claims, longest] = [0, 0];
  while (isLooking) {
    await store.addDelivery(quiet);
    const began = performance.now();
    const claimed = (await claim('quiet', NOW + 1)) ?? assert.fail();
    longest = Math.max(longest, performance.now() - began);
    await store.settleDelivery(claimed, { state: 'delivered', nextAttemptAt: NOW });
    claims++;
  }
  assert.equal(await looking, undefined);
  assert.ok(claims >= 5, `${claims} deliveries of the other account in between`);
  assert.ok(longest < 1000, `the longest claim in between took ${longest} ms`);
  const began = performance.now();
  for (let i = 0; i < 100; i++) assert.equal(await claim('crowded', NOW + 2 + i), undefined);
  const each = (performance.now() - began) / 100;
  assert.ok(each < 25, `a claim takes ${each} ms when the messages have been moved`);
  const again = (await claim('crowded', NOW + 900_000)) ?? assert.fail();
  assert.equal(again.id, head.id);
  await store.close();
});
