import { type Kysely, sql } from 'kysely';
import type { ColumnTypes } from './column-types.ts';

/**
 * The last event before a subscription. Its time alone does not say what comes later: a clock can be set back. Nodes of the release before
 * write NULL; then the time decides. Those that exist have been sent everything up to the last event that was fanned out.
 */
export async function up(db: Kysely<unknown>, { integer }: ColumnTypes): Promise<void> {
  await db.schema.alterTable('webhook_endpoint').addColumn('hears_after', integer).execute();
  await db.schema.alterTable('operator').addColumn('progress_after', integer).execute();
  await sql`update webhook_endpoint set hears_after = (select max(last_event) from outbox)`.execute(db);
  await sql`update operator set progress_after = (select max(last_event) from outbox)
    where progress_url is not null`.execute(db);
}
