import { type Kysely, sql } from 'kysely';
import type { ColumnTypes } from './column-types.ts';

/** What PostgreSQL needs for several nodes that write at the same time. SQLite has one writer. */
export async function up(db: Kysely<unknown>, { bytes }: ColumnTypes): Promise<void> {
  if (bytes === 'blob') return;
  await requireOne(db);
  await numberTransactionFirst(db);
}

/** Ends the transaction of a save that met another version than it expected. */
async function requireOne(db: Kysely<unknown>): Promise<void> {
  await sql`create function require_one(written bigint) returns void language plpgsql as $$
    begin
      if written <> 1 then
        raise exception 'a record has changed since it was read' using errcode = 'SP001';
      end if;
    end $$`.execute(db);
}

/** A transaction gets its own number before its first event does: so a reader sees that a number of an event is not settled. */
async function numberTransactionFirst(db: Kysely<unknown>): Promise<void> {
  await sql`create function number_transaction() returns trigger language plpgsql as $$
    begin
      perform pg_current_xact_id();
      return null;
    end $$`.execute(db);
  await sql`create trigger event_number before insert on event
    for each statement execute function number_transaction()`.execute(db);
}
