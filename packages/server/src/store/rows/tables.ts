import type { AccountRow } from './accounts.ts';
import type { ApiKeyRow } from './api-keys.ts';
import type { AuditRow, AuditTargetRow } from './audit.ts';
import type { ContentRow } from './contents.ts';
import type { EventRow } from './events.ts';
import type { IdempotencyRow } from './idempotency.ts';
import type { NumberReservationRow } from './number-reservations.ts';
import type { OperatorRow } from './operators.ts';
import type { DeliveryRow, OutboxRow } from './outbox.ts';
import type { ProfileCountRow } from './profile-counts.ts';
import type { ProfileRow } from './profiles.ts';
import type { RefusedCallRow } from './refused-calls.ts';
import type { SessionRow } from './sessions.ts';
import type { TemplateRow } from './templates.ts';
import type { TransactionSecretRow } from './transaction-secrets.ts';
import type { WebhookRow } from './webhooks.ts';

/** Every table, as Kysely knows it. */
export type Tables = {
  account: AccountRow;
  api_key: ApiKeyRow;
  audit: AuditRow;
  audit_target: AuditTargetRow;
  delivery: DeliveryRow;
  event: EventRow;
  idempotency: IdempotencyRow;
  number_reservation: NumberReservationRow;
  operator: OperatorRow;
  outbox: OutboxRow;
  profile: ProfileRow;
  profile_content: ContentRow;
  profile_count: ProfileCountRow;
  refused_call: RefusedCallRow;
  session: SessionRow;
  template: TemplateRow;
  transaction_secret: TransactionSecretRow;
  webhook_endpoint: WebhookRow;
};
