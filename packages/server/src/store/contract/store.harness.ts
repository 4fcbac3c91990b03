import { test } from 'node:test';
import type { ServerStore } from '../ports/server-store.ts';
import { rewrapContract, secretContract } from '../sealing/contract.harness.ts';
import { accountContract } from './accounts.harness.ts';
import { auditContract } from './audit.harness.ts';
import { eventContract } from './events.harness.ts';
import { coreNetworkContract } from './gateway/core-networks.harness.ts';
import { operationContract } from './gateway/operations.harness.ts';
import { upstreamMatchingIdContract } from './gateway/upstream-matching-ids.harness.ts';
import { upstreamContract } from './gateway/upstreams.harness.ts';
import { healthContract, statisticsContract } from './health.harness.ts';
import { idempotencyContract } from './idempotency.harness.ts';
import { brandContract } from './install/brands.harness.ts';
import { installLinkContract } from './install/links.harness.ts';
import { inventoryContract } from './inventory.harness.ts';
import { logPageContract } from './log-pages.harness.ts';
import { chainContract } from './logs/chains.harness.ts';
import { oldRecordContract } from './logs/old-records.harness.ts';
import { overviewContract } from './logs/overview.harness.ts';
import { alertContract } from './mail/alerts.harness.ts';
import { mailContract } from './mail/mail.harness.ts';
import { numberReservationContract } from './number-reservations.harness.ts';
import { operatorContract } from './operators.harness.ts';
import { outboxContract } from './outbox.harness.ts';
import { consoleSessionContract } from './people/console-sessions.harness.ts';
import { passkeyContract } from './people/passkeys.harness.ts';
import { personContract } from './people/people.harness.ts';
import { signInAttemptContract } from './people/sign-in-attempts.harness.ts';
import { profileContract } from './profiles.harness.ts';
import { purgeContract } from './purge.harness.ts';
import { refusedCallContract } from './refused-calls.harness.ts';
import { saveContract } from './saves.harness.ts';
import { sessionContract } from './sessions.harness.ts';
import { templateContract } from './templates.harness.ts';
import { transactionSecretContract } from './transaction-secrets.harness.ts';
import { useContract } from './uses.harness.ts';
import { webhookContract } from './webhooks.harness.ts';

/** What every engine must do, sentence by sentence. */
export const contract: Readonly<Record<string, (store: ServerStore) => Promise<void>>> = {
  ...saveContract,
  ...profileContract,
  ...accountContract,
  ...consoleSessionContract,
  ...passkeyContract,
  ...signInAttemptContract,
  ...personContract,
  ...secretContract,
  ...sessionContract,
  ...numberReservationContract,
  ...operatorContract,
  ...eventContract,
  ...brandContract,
  ...installLinkContract,
  ...inventoryContract,
  ...logPageContract,
  ...auditContract,
  ...chainContract,
  ...statisticsContract,
  ...oldRecordContract,
  ...overviewContract,
  ...healthContract,
  ...idempotencyContract,
  ...outboxContract,
  ...mailContract,
  ...alertContract,
  ...templateContract,
  ...purgeContract,
  ...refusedCallContract,
  ...transactionSecretContract,
  ...useContract,
  ...coreNetworkContract,
  ...upstreamContract,
  ...upstreamMatchingIdContract,
  ...operationContract,
  ...webhookContract,
};

/** Registers the contract: each test runs on an empty store that `open` opens. */
export function storeContract(kind: string, open: () => Promise<ServerStore>): void {
  for (const [sentence, check] of Object.entries({ ...contract, ...rewrapContract }))
    test(`${kind}: ${sentence}`, async () => {
      const store = await open();
      try {
        await check(store);
      } finally {
        await store.close();
      }
    });
}
