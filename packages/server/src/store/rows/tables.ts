import type { AccountRow } from './accounts.ts';
import type { ApiKeyRow } from './api-keys.ts';
import type { AuditRow } from './audit.ts';
import type { ContentRow } from './contents.ts';
import type { EventRow } from './events.ts';
import type { IdempotencyRow } from './idempotency.ts';
import type { OperatorRow } from './operators.ts';
import type { DeliveryRow, OutboxRow } from './outbox.ts';
import type { ProfileRow } from './profiles.ts';
import type { SessionRow } from './sessions.ts';
import type { TemplateRow } from './templates.ts';
import type { WebhookRow } from './webhooks.ts';

/** Every table, as Kysely knows it. */
export type Tables = {
  account: AccountRow;
  api_key: ApiKeyRow;
  audit: AuditRow;
  delivery: DeliveryRow;
  event: EventRow;
  idempotency: IdempotencyRow;
  operator: OperatorRow;
  outbox: OutboxRow;
  profile: ProfileRow;
  profile_content: ContentRow;
  session: SessionRow;
  template: TemplateRow;
  webhook_endpoint: WebhookRow;
};
