import type { AccountStore } from './accounts.ts';
import type { ApiKeyStore } from './api-keys.ts';
import type { AuditStore } from './audit.ts';
import type { ChangeStore } from './changes.ts';
import type { EventStore } from './events.ts';
import type { CoreNetworkStore } from './gateway/core-networks.ts';
import type { OperationStore } from './gateway/operations.ts';
import type { UpstreamStore } from './gateway/upstreams.ts';
import type { ConnectionStore, HealthStore, StatisticsStore } from './health.ts';
import type { IdempotencyStore } from './idempotency.ts';
import type { BrandStore } from './install/brands.ts';
import type { InstallLinkStore } from './install/links.ts';
import type { InventoryStore } from './inventory.ts';
import type { ChainStore, LeaseStore } from './logs/chains.ts';
import type { OldRecordStore } from './logs/old-records.ts';
import type { OverviewStore } from './logs/overview.ts';
import type { AlertStore } from './mail/alerts.ts';
import type { MailStore } from './mail/mail.ts';
import type { NumberReservationStore } from './number-reservations.ts';
import type { OperatorStore } from './operators.ts';
import type { OutboxStore } from './outbox.ts';
import type { ConsoleSessionStore } from './people/console-sessions.ts';
import type { PasskeyStore } from './people/passkeys.ts';
import type { PersonStore } from './people/people.ts';
import type { SignInAttemptStore } from './people/sign-in-attempts.ts';
import type { ContentStore, ProfileStore } from './profiles.ts';
import type { RefusedCallStore } from './refused-calls.ts';
import type { SecretStore } from './secrets/secret-store.ts';
import type { SessionStore } from './sessions.ts';
import type { TemplateStore } from './templates.ts';
import type { TransactionSecretStore } from './transaction-secrets.ts';
import type { UnreadableRowStore } from './unreadable-rows.ts';
import type { WebhookStore } from './webhooks.ts';

/** Everything that an engine stores. Only the process that opens it sees it whole: other code takes the records that it uses. */
export interface ServerStore
  extends AccountStore,
    AlertStore,
    ApiKeyStore,
    AuditStore,
    BrandStore,
    ChainStore,
    ChangeStore,
    ConnectionStore,
    ConsoleSessionStore,
    ContentStore,
    CoreNetworkStore,
    EventStore,
    StatisticsStore,
    HealthStore,
    IdempotencyStore,
    InstallLinkStore,
    InventoryStore,
    LeaseStore,
    MailStore,
    NumberReservationStore,
    OldRecordStore,
    OperationStore,
    OperatorStore,
    OutboxStore,
    OverviewStore,
    PasskeyStore,
    PersonStore,
    ProfileStore,
    RefusedCallStore,
    SecretStore,
    SessionStore,
    SignInAttemptStore,
    TemplateStore,
    TransactionSecretStore,
    UnreadableRowStore,
    UpstreamStore,
    WebhookStore {
  /** Resolves when everything that was saved is durable and the files are closed. */
  close(): Promise<void>;
}
