import type { Kysely } from 'kysely';
import type { ColumnTypes } from './column-types.ts';

/** The links under which customers install their profiles, which go with their profile; and how the pages of an account look. */
export async function up(db: Kysely<unknown>, { bytes, integer }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('install_link')
    .addColumn('hash', 'text', (c) => c.primaryKey().notNull())
    .addColumn('account', 'text', (c) => c.notNull())
    .addColumn('iccid', 'text', (c) => c.notNull().references('profile.iccid').onDelete('cascade'))
    .addColumn('order_id', 'text')
    .addColumn('created_at', integer, (c) => c.notNull())
    .addColumn('expires_at', integer, (c) => c.notNull())
    .addColumn('views', integer, (c) => c.notNull())
    .addColumn('viewed_at', integer)
    .addColumn('replaced_at', integer)
    .addColumn('help_asked_at', integer)
    .execute();
  await db.schema
    .createIndex('install_link_profile')
    .on('install_link')
    .columns(['iccid', 'created_at'])
    .execute();
  await db.schema
    .createTable('brand')
    .addColumn('account', 'text', (c) =>
      c.primaryKey().notNull().references('account.id').onDelete('cascade'),
    )
    .addColumn('name', 'text')
    .addColumn('colour', 'text')
    .addColumn('support_url', 'text')
    .addColumn('support_email', 'text')
    .addColumn('support_phone', 'text')
    .addColumn('language', 'text')
    .addColumn('logo', bytes)
    .addColumn('logo_type', 'text')
    .addColumn('logo_width', integer)
    .addColumn('logo_height', integer)
    .addColumn('logo_hash', 'text')
    .execute();
  await db.schema.createIndex('brand_logo').on('brand').column('logo_hash').execute();
}
