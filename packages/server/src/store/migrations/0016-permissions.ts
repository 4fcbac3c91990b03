import { type Kysely, sql } from 'kysely';

/** What each scope allowed, in the permissions that take its place. */
const sets: Readonly<Record<string, string>> = {
  read: 'read,codes',
  order: 'read,codes,order',
  admin: 'read,codes,order,support,admin',
};

/** API keys have a set of permissions instead of a scope. Every key may do what it could do before. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const table = () => db.schema.alterTable('api_key');
  await table()
    .addColumn('permissions', 'text', (c) => c.notNull().defaultTo(''))
    .execute();
  for (const [scope, permissions] of Object.entries(sets))
    await sql`update api_key set permissions = ${permissions} where scope = ${scope}`.execute(db);
  await table().dropColumn('scope').execute();
}
