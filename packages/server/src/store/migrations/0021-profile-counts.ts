import { type Kysely, sql } from 'kysely';
import type { ColumnTypes } from './column-types.ts';

/**
 * How many profiles each account has in each state: altogether (in rows with an empty profile_type), and of each type. Triggers keep the
 * counts, so that a million rows need not be counted.
 */
export async function up(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  if (types.bytes === 'bytea') return addUpRows(db, types);
  await sql`create table profile_count (
    account text not null,
    profile_type text not null,
    state text not null,
    count ${sql.raw(types.integer)} not null,
    primary key (account, profile_type, state)
  ) ${sql.raw(types.byKey)}`.execute(db);
  await sql`insert into profile_count select account, '', state, count(*) from profile group by account, state`.execute(
    db,
  );
  await sql`insert into profile_count select account, profile_type, state, count(*) from profile
    where profile_type is not null group by account, profile_type, state`.execute(db);
  await sql`create trigger profile_count_insert after insert on profile begin
    ${add('new', 1)} end`.execute(db);
  await sql`create trigger profile_count_delete after delete on profile begin
    ${add('old', -1)} end`.execute(db);
  await sql`create trigger profile_count_update after update of account, profile_type, state on profile
    when (new.account, new.profile_type, new.state) is not (old.account, old.profile_type, old.state) begin
    ${add('old', -1)} ${add('new', 1)} end`.execute(db);
}

/** Counts a row in both places. A trigger has no parameters, so the values are part of its text. */
function add(row: 'old' | 'new', by: 1 | -1) {
  const counted = (type: string, where: string) =>
    `insert into profile_count select ${row}.account, ${type}, ${row}.state, ${by} where ${where}
      on conflict do update set count = count + ${by};`;
  return sql.raw(counted("''", 'true') + counted(`${row}.profile_type`, `${row}.profile_type is not null`));
}

/**
 * Where several nodes write, a row for each count would make them wait for each other. So each change adds a row with 1 or -1; their sum
 * is the count, and the engine replaces them by their sum from time to time.
 */
async function addUpRows(db: Kysely<unknown>, { integer }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('profile_count')
    .addColumn('account', 'text', (c) => c.notNull())
    .addColumn('profile_type', 'text', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('count', integer, (c) => c.notNull())
    .execute();
  await db.schema
    .createIndex('profile_count_key')
    .on('profile_count')
    .columns(['account', 'profile_type', 'state'])
    .execute();
  await sql`create function count_profile() returns trigger language plpgsql as $$
    begin
      if tg_op <> 'INSERT' then
        insert into profile_count select old.account, kind, old.state, -1
          from unnest(array['', old.profile_type]) as kind where kind is not null;
      end if;
      if tg_op <> 'DELETE' then
        insert into profile_count select new.account, kind, new.state, 1
          from unnest(array['', new.profile_type]) as kind where kind is not null;
      end if;
      return null;
    end $$`.execute(db);
  await sql`create trigger profile_count_rows after insert or delete on profile
    for each row execute function count_profile()`.execute(db);
  await sql`create trigger profile_count_update after update on profile for each row
    when ((new.account, new.profile_type, new.state) is distinct from (old.account, old.profile_type, old.state))
    execute function count_profile()`.execute(db);
}
