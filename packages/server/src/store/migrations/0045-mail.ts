import { type Kysely, sql } from 'kysely';
import type { ColumnTypes } from './column-types.ts';

/** Mail: what a message says that no event says, the log of an account's mail, and the templates of accounts. */
export async function up(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  await db.schema.alterTable('delivery').addColumn('facts', 'text').execute();
  const ends = types.bytes === 'blob' ? [] : ['id'];
  for (const [name, columns] of [
    ['delivery_mail', ['account', ...ends]],
    ['delivery_mail_time', ['account', 'created_at', ...ends]],
  ] as const)
    await db.schema
      .createIndex(name)
      .on('delivery')
      .columns([...columns])
      .where(sql.ref('kind'), '=', sql.lit('mail'))
      .execute();
  await db.schema
    .createTable('mail_template')
    .addColumn('account', 'text', (c) => c.notNull())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('language', 'text', (c) => c.notNull())
    .addColumn('subject', 'text', (c) => c.notNull())
    .addColumn('text', 'text', (c) => c.notNull())
    .addColumn('html', 'text')
    .addColumn('changed_at', types.integer, (c) => c.notNull())
    .addPrimaryKeyConstraint('mail_template_key', ['account', 'kind', 'language'])
    .modifyEnd(sql.raw(types.byKey))
    .execute();
}
