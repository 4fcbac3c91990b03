import type { AuditRow } from './audit.ts';
import type { EventRow } from './events.ts';
import type { IdempotencyRow } from './idempotency.ts';
import type { OperatorRow } from './operators.ts';
import type { DeliveryRow, OutboxRow } from './outbox.ts';
import type { TemplateRow } from './templates.ts';
import type { WebhookRow } from './webhooks.ts';

/** The columns of every table, once: they give the rows' types and the order in which values are bound. */

type Values = {
  text: string;
  'text?': string | null;
  /** Whole numbers up to 2^53; PostgreSQL's driver has to be told to read bigint as a number. */
  integer: number;
  'integer?': number | null;
  bytes: Uint8Array;
  'bytes?': Uint8Array | null;
};
type Columns = Readonly<Record<string, keyof Values>>;
type Row<C extends Columns> = { readonly [N in keyof C]: Values[C[N]] };

export const profileColumns = {
  iccid: 'text',
  account: 'text',
  state: 'text',
  imsi: 'text',
  profile_type: 'text?',
  metadata: 'bytes',
  protection: 'text',
  needed_bytes: 'integer?',
  /** Bit n stands for bit n of uiccCapability. */
  needed_capabilities: 'integer?',
  changed_at: 'integer',
  version: 'integer',
  /** The eUICC that it is linked to, bound to or installed on: only to find it by. */
  eid: 'text?',
  linked_eid: 'text?',
  /** Fingerprints of calls of ES2+. */
  download_order_call: 'text?',
  confirm_order_call: 'text?',
  release_profile_call: 'text?',
  cancel_order_call: 'text?',
  order_id: 'text?',
  /** NULL where there is no order; empty where the order is found by its EID. */
  matching_id: 'text?',
  order_eid: 'text?',
  /** Who may not download. */
  not_eid: 'text?',
  confirmation_code_hash: 'bytes?',
  confirmation_code_attempts_left: 'integer?',
  download_attempts_left: 'integer?',
  order_expires_at: 'integer?',
  returns_at: 'integer?',
  released_at: 'integer?',
  reuse_type: 'text?',
  reuse_max_count: 'integer?',
  reuse_cooldown_seconds: 'integer?',
  reuses_left: 'integer?',
  /** 1, or NULL. */
  reusable: 'integer?',
  binding_eid: 'text?',
  euicc_otpk: 'bytes?',
  ot_sk_dp: 'bytes?',
  host_id: 'bytes?',
  device_eid: 'text?',
  device_state: 'text?',
  last_seq_number: 'integer?',
  last_notification_at: 'integer?',
  error_subject_code: 'text?',
  error_reason_code: 'text?',
  error_message: 'text?',
} as const satisfies Columns;
export type ProfileRow = Row<typeof profileColumns>;
export const profileColumnNames = Object.keys(profileColumns) as (keyof ProfileRow)[];

/** Either package or parameters is NULL. */
export const contentColumns = {
  iccid: 'text',
  /** Protected, where ppk is there. */
  package: 'bytes?',
  /** JSON. */
  parameters: 'text?',
  ppk: 'bytes?',
} as const satisfies Columns;
export type ContentRow = Row<typeof contentColumns>;

export const sessionColumns = {
  transaction_id: 'text',
  stage: 'text',
  smdp_ci_pk_id: 'bytes',
  /** Milliseconds. */
  expires_at: 'integer',
  version: 'integer',
  server_challenge: 'bytes?',
  server_address: 'text?',
  euicc_ci_pk_id_to_be_used: 'bytes?',
  eid: 'text?',
  iccid: 'text?',
  order_id: 'text?',
  euicc_public_key: 'bytes?',
  smdp_signature2: 'bytes?',
  /** JSON. */
  journal: 'text?',
  /** Milliseconds: the first entry of the journal. */
  opened_at: 'integer?',
} as const satisfies Columns;
export type SessionRow = Row<typeof sessionColumns>;
export const sessionColumnNames = Object.keys(sessionColumns) as (keyof SessionRow)[];

export const accountColumns = {
  id: 'text',
  name: 'text',
  created_at: 'integer',
} as const satisfies Columns;
export type AccountRow = Row<typeof accountColumns>;

export const apiKeyColumns = {
  id: 'text',
  account: 'text',
  hash: 'bytes',
  created_at: 'integer',
  scope: 'text',
  name: 'text?',
  expires_at: 'integer?',
  last_used_at: 'integer?',
} as const satisfies Columns;
export type ApiKeyRow = Row<typeof apiKeyColumns>;

export type Tables = {
  audit: AuditRow;
  idempotency: IdempotencyRow;
  event: EventRow;
  operator: OperatorRow;
  delivery: DeliveryRow;
  outbox: OutboxRow;
  webhook_endpoint: WebhookRow;
  template: TemplateRow;
  profile: ProfileRow;
  profile_content: ContentRow;
  session: SessionRow;
  account: AccountRow;
  api_key: ApiKeyRow;
};
