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
  type CoreNetworkRow,
  type CoreSubscriberRow,
  coreNetworkColumns,
  coreSubscriberColumns,
} from './gateway/core-networks.ts';
import { type OperationRow, operationColumns } from './gateway/operations.ts';
import {
  type UpstreamRow,
  type UpstreamTypeRow,
  upstreamColumns,
  upstreamTypeColumns,
} from './gateway/upstreams.ts';
import {
  type IdempotencyRow,
  type IdempotencyTargetRow,
  idempotencyColumns,
  idempotencyTargetColumns,
} from './idempotency.ts';
import { type BrandRow, brandColumns } from './install/brands.ts';
import { type InstallLinkRow, installLinkColumns } from './install/links.ts';
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
import {
  type AlertRow,
  alertColumns,
  type MailRecipientRow,
  mailRecipientColumns,
  type StockLimitRow,
  stockLimitColumns,
} from './mail/alerts.ts';
import { type MailTemplateRow, mailTemplateColumns } from './mail/templates.ts';
import { type NumberReservationRow, numberReservationColumns } from './number-reservations.ts';
import { type OperatorRow, operatorColumns } from './operators.ts';
import { type DeliveryRow, deliveryColumns, type OutboxRow, outboxColumns } from './outbox.ts';
import {
  type ConsoleSessionRow,
  type ConsoleTicketRow,
  consoleSessionColumns,
  consoleTicketColumns,
} from './people/console-sessions.ts';
import {
  type PasskeyChallengeRow,
  type PasskeyRow,
  passkeyChallengeColumns,
  passkeyColumns,
} from './people/passkeys.ts';
import { type PersonRow, personColumns } from './people/people.ts';
import { type SignInAttemptRow, signInAttemptColumns } from './people/sign-in-attempts.ts';
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
  brand: BrandRow;
  chain: ChainRow;
  chain_anchor: ChainAnchorRow;
  chain_link: ChainLinkRow;
  chain_position: ChainPositionRow;
  console_session: ConsoleSessionRow;
  console_ticket: ConsoleTicketRow;
  core_network: CoreNetworkRow;
  core_subscriber: CoreSubscriberRow;
  data_key: DataKeyRow;
  delivery: DeliveryRow;
  event: EventRow;
  former_call: FormerCallRow;
  former_profile: FormerProfileRow;
  idempotency: IdempotencyRow;
  idempotency_target: IdempotencyTargetRow;
  install_link: InstallLinkRow;
  job_lease: JobLeaseRow;
  alert: AlertRow;
  mail_recipient: MailRecipientRow;
  mail_template: MailTemplateRow;
  stock_limit: StockLimitRow;
  number_reservation: NumberReservationRow;
  operation: OperationRow;
  operator: OperatorRow;
  outbox: OutboxRow;
  passkey: PasskeyRow;
  passkey_challenge: PasskeyChallengeRow;
  person: PersonRow;
  profile: ProfileRow;
  profile_content: ContentRow;
  profile_count: ProfileCountRow;
  refused_call: RefusedCallRow;
  sealed_table: SealedTableRow;
  session: SessionRow;
  sign_in_attempt: SignInAttemptRow;
  template: TemplateRow;
  transaction_secret: TransactionSecretRow;
  profile_use: UseRow;
  upstream: UpstreamRow;
  upstream_type: UpstreamTypeRow;
  webhook_endpoint: WebhookRow;
};

const id = 'integer';

/** The columns of every table. A test compares them with the database: a column that is not here has no class. */
export const columnsOf = {
  account: accountColumns,
  api_key: apiKeyColumns,
  audit: { id, ...auditColumns },
  audit_target: auditTargetColumns,
  brand: brandColumns,
  chain: chainColumns,
  chain_anchor: chainAnchorColumns,
  chain_link: chainLinkColumns,
  chain_position: chainPositionColumns,
  console_session: consoleSessionColumns,
  console_ticket: consoleTicketColumns,
  core_network: coreNetworkColumns,
  core_subscriber: coreSubscriberColumns,
  data_key: dataKeyColumns,
  delivery: { id, ...deliveryColumns },
  event: { id, ...eventColumns },
  former_call: formerCallColumns,
  former_profile: formerProfileColumns,
  idempotency: idempotencyColumns,
  idempotency_target: idempotencyTargetColumns,
  install_link: installLinkColumns,
  job_lease: jobLeaseColumns,
  alert: alertColumns,
  mail_recipient: mailRecipientColumns,
  mail_template: mailTemplateColumns,
  stock_limit: stockLimitColumns,
  number_reservation: numberReservationColumns,
  operation: operationColumns,
  operator: operatorColumns,
  outbox: outboxColumns,
  passkey: passkeyColumns,
  passkey_challenge: passkeyChallengeColumns,
  person: personColumns,
  profile: profileColumns,
  profile_content: contentColumns,
  profile_count: profileCountColumns,
  refused_call: { id, ...refusedCallColumns },
  sealed_table: sealedTableColumns,
  session: sessionColumns,
  sign_in_attempt: signInAttemptColumns,
  template: templateColumns,
  transaction_secret: transactionSecretColumns,
  profile_use: useColumns,
  upstream: upstreamColumns,
  upstream_type: upstreamTypeColumns,
  webhook_endpoint: webhookColumns,
} as const satisfies Readonly<Record<keyof Tables, Columns>>;
