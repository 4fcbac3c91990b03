import type { Kysely } from 'kysely';
import type { ColumnTypes } from './column-types.ts';

/** Late messages of an earlier installation are recognised by the numbers of its eUICC, and those of an earlier download by its one-time key. */
export async function up(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  await db.schema.alterTable('profile').addColumn('earlier_devices', 'text').execute();
  await db.schema.alterTable('session').addColumn('euicc_otpk', types.bytes).execute();
}
