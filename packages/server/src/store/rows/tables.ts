import { type AccountRow, accountColumns } from './accounts.ts';
import { type ApiKeyRow, apiKeyColumns } from './api-keys.ts';
import { type AuditRow, type AuditTargetRow, auditColumns, auditTargetColumns } from './audit.ts';
import type { Columns } from './column-types.ts';
import { type ContentRow, contentColumns } from './contents.ts';
import { type EventRow, eventColumns } from './events.ts';
import {
  type FormerCallRow,
  type FormerProfileRow,
  formerCallColumns,
  formerProfileColumns,
} from './former-profiles.ts';
import {
  type IdempotencyRow,
  type IdempotencyTargetRow,
  idempotencyColumns,
  idempotencyTargetColumns,
} from './idempotency.ts';
import {
  type ChainAnchorRow,
  type ChainLinkRow,
  type ChainPositionRow,
  type ChainRow,
  chainAnchorColumns,
  chainColumns,
  chainLinkColumns,
  chainPositionColumns,
  type JobLeaseRow,
  jobLeaseColumns,
} from './logs/chains.ts';
import { type NumberReservationRow, numberReservationColumns } from './number-reservations.ts';
import { type OperatorRow, operatorColumns } from './operators.ts';
import { type DeliveryRow, deliveryColumns, type OutboxRow, outboxColumns } from './outbox.ts';
import { type ProfileCountRow, profileCountColumns } from './profile-counts.ts';
import { type ProfileRow, profileColumns } from './profiles.ts';
import { type RefusedCallRow, refusedCallColumns } from './refused-calls.ts';
import {
  type DataKeyRow,
  dataKeyColumns,
  type SealedTableRow,
  sealedTableColumns,
} from './secrets/data-keys.ts';
import { type SessionRow, sessionColumns } from './sessions.ts';
import { type TemplateRow, templateColumns } from './templates.ts';
import { type TransactionSecretRow, transactionSecretColumns } from './transaction-secrets.ts';
import { type UseRow, useColumns } from './uses.ts';
import { type WebhookRow, webhookColumns } from './webhooks.ts';

/** Every table, as Kysely knows it. */
export type Tables = {
  account: AccountRow;
  api_key: ApiKeyRow;
  audit: AuditRow;
  audit_target: AuditTargetRow;
  chain: ChainRow;
  chain_anchor: ChainAnchorRow;
  chain_link: ChainLinkRow;
  chain_position: ChainPositionRow;
  data_key: DataKeyRow;
  delivery: DeliveryRow;
  event: EventRow;
  former_call: FormerCallRow;
  former_profile: FormerProfileRow;
  idempotency: IdempotencyRow;
  idempotency_target: IdempotencyTargetRow;
  job_lease: JobLeaseRow;
  number_reservation: NumberReservationRow;
  operator: OperatorRow;
  outbox: OutboxRow;
  profile: ProfileRow;
  profile_content: ContentRow;
  profile_count: ProfileCountRow;
  refused_call: RefusedCallRow;
  sealed_table: SealedTableRow;
  session: SessionRow;
  template: TemplateRow;
  transaction_secret: TransactionSecretRow;
  profile_use: UseRow;
  webhook_endpoint: WebhookRow;
};

const id = 'integer';

/** The columns of every table. A test compares them with the database: a column that is not here has no class. */
export const columnsOf = {
  account: accountColumns,
  api_key: apiKeyColumns,
  audit: { id, ...auditColumns },
  audit_target: auditTargetColumns,
  chain: chainColumns,
  chain_anchor: chainAnchorColumns,
  chain_link: chainLinkColumns,
  chain_position: chainPositionColumns,
  data_key: dataKeyColumns,
  delivery: { id, ...deliveryColumns },
  event: { id, ...eventColumns },
  former_call: formerCallColumns,
  former_profile: formerProfileColumns,
  idempotency: idempotencyColumns,
  idempotency_target: idempotencyTargetColumns,
  job_lease: jobLeaseColumns,
  number_reservation: numberReservationColumns,
  operator: operatorColumns,
  outbox: outboxColumns,
  profile: profileColumns,
  profile_content: contentColumns,
  profile_count: profileCountColumns,
  refused_call: { id, ...refusedCallColumns },
  sealed_table: sealedTableColumns,
  session: sessionColumns,
  template: templateColumns,
  transaction_secret: transactionSecretColumns,
  profile_use: useColumns,
  webhook_endpoint: webhookColumns,
} as const satisfies Readonly<Record<keyof Tables, Columns>>;
