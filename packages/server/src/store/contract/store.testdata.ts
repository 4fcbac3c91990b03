import { test } from 'node:test';
import type { ServerStore } from '../store.ts';
import { accountContract } from './accounts.testdata.ts';
import { auditContract } from './audit.testdata.ts';
import { eventContract } from './events.testdata.ts';
import { idempotencyContract } from './idempotency.testdata.ts';
import { inventoryContract } from './inventory.testdata.ts';
import { operatorContract } from './operators.testdata.ts';
import { outboxContract } from './outbox.testdata.ts';
import { profileContract } from './profiles.testdata.ts';
import { saveContract } from './saves.testdata.ts';
import { sessionContract } from './sessions.testdata.ts';
import { templateContract } from './templates.testdata.ts';
import { webhookContract } from './webhooks.testdata.ts';

/** What every ServerStore owes to its callers: registers a test for each, over stores that `open` makes. */
export function storeContract(kind: string, open: () => Promise<ServerStore>): void {
  const all = {
    ...saveContract,
    ...profileContract,
    ...accountContract,
    ...sessionContract,
    ...operatorContract,
    ...eventContract,
    ...inventoryContract,
    ...auditContract,
    ...idempotencyContract,
    ...outboxContract,
    ...templateContract,
    ...webhookContract,
  };
  for (const [sentence, check] of Object.entries(all))
    test(`${kind}: ${sentence}`, async () => {
      const store = await open();
      try {
        await check(store);
      } finally {
        await store.close();
      }
    });
}
