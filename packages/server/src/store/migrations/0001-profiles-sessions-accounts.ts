import { type CreateTableBuilder, type Kysely, sql } from 'kysely';
import type { ColumnTypes } from './column-types.ts';

/** Profiles with their orders, what is inside them, sessions, accounts and API keys. */
export async function up(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  await createAccounts(db, types);
  await createProfiles(db, types);
  await createSessions(db, types);
}

async function createAccounts(db: Kysely<unknown>, { integer, bytes }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('account')
    .addColumn('id', 'text', (c) => c.primaryKey().notNull())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('created_at', integer, (c) => c.notNull())
    .execute();
  await db.schema
    .createTable('api_key')
    .addColumn('id', 'text', (c) => c.primaryKey().notNull())
    .addColumn('account', 'text', (c) => c.notNull().references('account.id'))
    .addColumn('hash', bytes, (c) => c.notNull())
    .addColumn('created_at', integer, (c) => c.notNull())
    .execute();
  await db.schema.createIndex('api_key_account').on('api_key').column('account').execute();
}

async function createProfiles(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  const { integer, bytes } = types;
  const stock = db.schema
    .createTable('profile')
    .addColumn('iccid', 'text', (c) => c.primaryKey().notNull())
    .addColumn('account', 'text', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('imsi', 'text', (c) => c.notNull())
    .addColumn('profile_type', 'text')
    .addColumn('metadata', bytes, (c) => c.notNull())
    .addColumn('changed_at', integer, (c) => c.notNull())
    .addColumn('version', integer, (c) => c.notNull())
    .addColumn('linked_eid', 'text');
  await withReportColumns(withOrderColumns(stock, types), types).modifyEnd(sql.raw(types.byKey)).execute();
  await createProfileIndexes(db);
  await db.schema
    .createTable('profile_content')
    .addColumn('iccid', 'text', (c) =>
      c.primaryKey().notNull().references('profile.iccid').onDelete('cascade'),
    )
    .addColumn('package', bytes)
    .addColumn('parameters', 'text')
    .addCheckConstraint('profile_content_either', sql`(package is null) <> (parameters is null)`)
    .execute();
}

/** All of an order's columns are there, or none. */
function withOrderColumns(table: CreateTableBuilder<'profile', never>, { integer, bytes }: ColumnTypes) {
  return table
    .addColumn('matching_id', 'text')
    .addColumn('order_eid', 'text')
    .addColumn('confirmation_code_hash', bytes)
    .addColumn('confirmation_code_attempts_left', integer)
    .addColumn('download_attempts_left', integer)
    .addColumn('order_expires_at', integer)
    .addColumn('released_at', integer)
    .addColumn('reuse_type', 'text')
    .addColumn('reuse_max_count', integer)
    .addColumn('reuse_cooldown_seconds', integer)
    .addColumn('reuses_left', integer)
    .addCheckConstraint(
      'profile_order_whole',
      together('matching_id', 'download_attempts_left', 'reuse_type'),
    )
    .addCheckConstraint(
      'profile_reuse_whole',
      together('reuse_type', 'reuse_max_count', 'reuse_cooldown_seconds', 'reuses_left'),
    )
    .addCheckConstraint(
      'profile_confirmation_code_whole',
      together('confirmation_code_hash', 'confirmation_code_attempts_left'),
    );
}

/** The binding, what the eUICC reported, and why a download failed. */
function withReportColumns(table: CreateTableBuilder<'profile', never>, { integer, bytes }: ColumnTypes) {
  return table
    .addColumn('binding_eid', 'text')
    .addColumn('euicc_otpk', bytes)
    .addColumn('ot_sk_dp', bytes)
    .addColumn('host_id', bytes)
    .addColumn('device_eid', 'text')
    .addColumn('last_seq_number', integer)
    .addColumn('last_notification_at', integer)
    .addColumn('error_subject_code', 'text')
    .addColumn('error_reason_code', 'text')
    .addColumn('error_message', 'text')
    .addCheckConstraint('profile_binding_whole', together('binding_eid', 'euicc_otpk', 'ot_sk_dp', 'host_id'))
    .addCheckConstraint(
      'profile_device_whole',
      together('device_eid', 'last_seq_number', 'last_notification_at'),
    )
    .addCheckConstraint(
      'profile_error_whole',
      together('error_subject_code', 'error_reason_code', 'error_message'),
    );
}

/** Either all of the columns are NULL or none is. */
function together(first: string, ...others: string[]) {
  const pairs = others.map((other) => sql`(${sql.ref(first)} is null) = (${sql.ref(other)} is null)`);
  return sql<boolean>`${sql.join(pairs, sql` and `)}`;
}

async function createProfileIndexes(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('profile_account_iccid').on('profile').columns(['account', 'iccid']).execute();
  await db.schema
    .createIndex('profile_account_state_iccid')
    .on('profile')
    .columns(['account', 'state', 'iccid'])
    .execute();
  await db.schema
    .createIndex('profile_matching_id')
    .unique()
    .on('profile')
    .column('matching_id')
    .where(sql.ref('matching_id'), '<>', sql.lit(''))
    .execute();
  // Not `where matching_id = ''`: SQLite would compile each query by matching_id again to see whether this index serves it
  await db.schema
    .createIndex('profile_waiting')
    .on('profile')
    .column('order_eid')
    .where(sql.ref('order_eid'), 'is not', null)
    .execute();
}

async function createSessions(db: Kysely<unknown>, { integer, bytes, byKey }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('session')
    .addColumn('transaction_id', 'text', (c) => c.primaryKey().notNull())
    .addColumn('stage', 'text', (c) => c.notNull())
    .addColumn('smdp_ci_pk_id', bytes, (c) => c.notNull())
    .addColumn('expires_at', integer, (c) => c.notNull())
    .addColumn('version', integer, (c) => c.notNull())
    .addColumn('server_challenge', bytes)
    .addColumn('server_address', 'text')
    .addColumn('euicc_ci_pk_id_to_be_used', bytes)
    .addColumn('eid', 'text')
    .addColumn('iccid', 'text')
    .addColumn('euicc_public_key', bytes)
    .addColumn('smdp_signature2', bytes)
    .addCheckConstraint(
      'session_initiated_whole',
      together('server_challenge', 'server_address', 'euicc_ci_pk_id_to_be_used'),
    )
    .addCheckConstraint(
      'session_authenticated_whole',
      together('eid', 'iccid', 'euicc_public_key', 'smdp_signature2'),
    )
    .modifyEnd(sql.raw(byKey))
    .execute();
  await db.schema.createIndex('session_expires_at').on('session').column('expires_at').execute();
}
