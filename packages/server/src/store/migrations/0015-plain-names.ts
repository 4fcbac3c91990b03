import { type Kysely, sql } from 'kysely';

/** The events that have other names now: a Profile that was made AVAILABLE again had the same event as a new one. */
const eventTypes: Readonly<Record<string, string>> = {
  'profile.stocked': 'profile.created',
  'profile.changed': 'profile.updated',
};

/** Operations and commands of the audit log. */
const operations: Readonly<Record<string, string>> = {
  changeEUICCProfile: 'updateEUICCProfile',
  restockEUICCProfile: 'resetEUICCProfile',
  'esim account add': 'esim account create',
  'esim operator add': 'esim operator create',
  'esim operator remove': 'esim operator delete',
};

/**
 * Gives stored events, subscriptions and audit entries the names that REST, SDK and commands have. Earlier versions called
 * every user of an account an operator; now that is who calls ES2+, and which of the two it was is not known of old
 * events, so they become those of a user.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await renameResets(db);
  for (const [before, after] of Object.entries(eventTypes)) {
    await sql`update event set type = ${after} where type = ${before}`.execute(db);
    await sql`update delivery set type = ${after} where type = ${before}`.execute(db);
  }
  await sql`update event set actor = 'user' where actor = 'operator'`.execute(db);
  await renameSubscriptions(db);
  for (const [before, after] of Object.entries(operations))
    await sql`update audit set operation = ${after} where operation = ${before}`.execute(db);
}

/** From a state without an order to AVAILABLE: a reset. From such a state to UNAVAILABLE: retired, and not cancelled. */
async function renameResets(db: Kysely<unknown>): Promise<void> {
  const withOrder = sql`('ALLOCATED', 'LINKED', 'CONFIRMED', 'RELEASED')`;
  const moved = sql`type in ('profile.stocked', 'profile.cancelled') and from_state not in ${withOrder}`;
  await sql`update event set type = 'profile.reset' where to_state = 'AVAILABLE' and ${moved}`.execute(db);
  await sql`update event set type = 'profile.retired' where to_state = 'UNAVAILABLE' and ${moved}`.execute(
    db,
  );
  await sql`update delivery set type = (select type from event where event.id = delivery.event_id)
    where type in ('profile.stocked', 'profile.cancelled')
    and event_id in (select id from event where type in ('profile.reset', 'profile.retired'))`.execute(db);
}

/** A subscription to profile.stocked had the resets too. */
async function renameSubscriptions(db: Kysely<unknown>): Promise<void> {
  const stocked = sql`replace(',' || events || ',', ',profile.stocked,', ',profile.created,profile.reset,')`;
  const renamed = sql`replace(${stocked}, ',profile.changed,', ',profile.updated,')`;
  await sql`update webhook_endpoint set events = trim(${renamed}, ',')`.execute(db);
}
