import { type Kysely, sql } from 'kysely';
import type { ColumnTypes } from './column-types.ts';

/** Audit entries of operators, with the reason of a refusal, and all that they concerned; and indexes for the filters of the log. */
export async function up(db: Kysely<unknown>, { integer, byKey }: ColumnTypes): Promise<void> {
  const table = () => db.schema.alterTable('audit');
  await table().addColumn('operator', 'text').execute();
  await table().addColumn('code', 'text').execute();
  await table().addColumn('more_targets', 'text').execute();
  await table().addColumn('target_count', integer).execute();
  await db.schema
    .createTable('audit_target')
    .addColumn('account', 'text', (c) => c.notNull())
    .addColumn('target', 'text', (c) => c.notNull())
    .addColumn('entry', integer, (c) => c.notNull())
    .addPrimaryKeyConstraint('audit_target_key', ['account', 'target', 'entry'])
    .modifyEnd(sql.raw(byKey))
    .execute();
  await sql`insert into audit_target (account, target, entry)
    select account, target, id from audit where target is not null`.execute(db);
  for (const column of ['at', 'key_id', 'operation'])
    await db.schema.createIndex(`audit_${column}`).on('audit').columns(['account', column]).execute();
  await db.schema
    .createIndex('audit_operator')
    .on('audit')
    .columns(['account', 'operator'])
    .where(sql.ref('operator'), 'is not', null)
    .execute();
}
