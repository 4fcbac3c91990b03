import { test } from 'node:test';
import { accountContract } from './accounts/contract.testdata.ts';
import { auditContract } from './audit/contract.testdata.ts';
import { eventContract } from './events/contract.testdata.ts';
import { idempotencyContract } from './idempotency/contract.testdata.ts';
import { inventoryContract } from './inventory/contract.testdata.ts';
import { operatorContract } from './operators/contract.testdata.ts';
import { outboxContract } from './outbox/contract.testdata.ts';
import type { ServerStore } from './port.ts';
import { profileContract } from './profiles/contract.testdata.ts';
import { saveContract } from './saves.testdata.ts';
import { sessionContract } from './sessions/contract.testdata.ts';
import { templateContract } from './templates/contract.testdata.ts';
import { webhookContract } from './webhooks/contract.testdata.ts';

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
