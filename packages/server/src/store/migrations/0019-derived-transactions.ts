import { type Kysely, sql } from 'kysely';
import type { ColumnTypes } from './column-types.ts';

/**
 * Transactions are derived from a secret until the eUICC has proved itself: the secrets, and the calls that were refused
 * before. A session has the stage `refused` if no profile was found for its eUICC, and stores no challenge any more.
 */
export async function up(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  await createSecrets(db, types);
  await createRefusedCalls(db, types);
  await rebuildSessions(db, types);
}

async function createSecrets(db: Kysely<unknown>, { integer, bytes }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('transaction_secret')
    .addColumn('number', integer, (c) => c.primaryKey().notNull())
    .addColumn('secret', bytes, (c) => c.notNull())
    .addColumn('begins_at', integer, (c) => c.notNull())
    .execute();
}

async function createRefusedCalls(db: Kysely<unknown>, { bytes, integer }: ColumnTypes): Promise<void> {
  const numbered = bytes === 'blob' ? sql`integer` : sql`bigint`; // SQLite numbers rows by a column of type integer
  await db.schema
    .createTable('refused_call')
    .addColumn('id', numbered, (c) =>
      bytes === 'blob' ? c.primaryKey().autoIncrement() : c.primaryKey().generatedAlwaysAsIdentity(),
    )
    .addColumn('at', integer, (c) => c.notNull())
    .addColumn('address', 'text', (c) => c.notNull())
    .addColumn('function', 'text', (c) => c.notNull())
    .addColumn('subject_code', 'text', (c) => c.notNull())
    .addColumn('reason_code', 'text', (c) => c.notNull())
    .addColumn('message', 'text', (c) => c.notNull())
    .addColumn('check_key', 'text')
    .addColumn('transaction_id', 'text')
    .addColumn('ci_pk_ids', 'text', (c) => c.notNull())
    .addColumn('skipped', integer, (c) => c.notNull())
    .execute();
}

const kept = [
  'transaction_id',
  'stage',
  'smdp_ci_pk_id',
  'expires_at',
  'version',
  'eid',
  'iccid',
  'euicc_public_key',
  'smdp_signature2',
  'journal',
  'opened_at',
  'order_id',
];

/** SQLite cannot change the constraints of a table, so the rows move to a new one. */
async function rebuildSessions(db: Kysely<unknown>, { integer, bytes, byKey }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('session_new')
    .addColumn('transaction_id', 'text', (c) => c.primaryKey().notNull())
    .addColumn('stage', 'text', (c) => c.notNull())
    .addColumn('smdp_ci_pk_id', bytes, (c) => c.notNull())
    .addColumn('expires_at', integer, (c) => c.notNull())
    .addColumn('version', integer, (c) => c.notNull())
    .addColumn('eid', 'text')
    .addColumn('iccid', 'text')
    .addColumn('euicc_public_key', bytes)
    .addColumn('smdp_signature2', bytes)
    .addColumn('journal', 'text')
    .addColumn('opened_at', integer)
    .addColumn('order_id', 'text')
    .addCheckConstraint(
      'session_authenticated_whole',
      sql`(iccid is null) = (euicc_public_key is null) and (iccid is null) = (smdp_signature2 is null) and (iccid is null or eid is not null)`,
    )
    .modifyEnd(sql.raw(byKey))
    .execute();
  const columns = sql.join(kept.map((name) => sql.ref(name)));
  await sql`insert into session_new (${columns}) select ${columns} from session`.execute(db);
  await db.schema.dropTable('session').execute();
  await db.schema.alterTable('session_new').renameTo('session').execute();
  await db.schema.createIndex('session_expires_at').on('session').column('expires_at').execute();
}
