import { type Kysely, sql } from 'kysely';
import type { ColumnTypes } from './column-types.ts';

/**
 * How many profiles each account has in each state: altogether (in rows with an empty profile_type), and of each type. Triggers keep the
 * counts, so that a million rows need not be counted.
 */
export async function up(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
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
