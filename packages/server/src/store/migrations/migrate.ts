import { type Kysely, sql } from 'kysely';
import { StoreError } from '../ports/store-error.ts';
import * as profilesSessionsAccounts from './0001-profiles-sessions-accounts.ts';
import * as protection from './0002-protection.ts';
import * as needsAndReusable from './0003-needs-and-reusable-orders.ts';
import * as sessionJournal from './0004-session-journal.ts';
import * as es2 from './0005-es2.ts';
import * as events from './0006-events.ts';
import * as returns from './0007-returns.ts';
import * as keyScopes from './0008-key-scopes.ts';
import * as outbox from './0009-outbox.ts';
import * as audit from './0010-audit.ts';
import * as idempotency from './0011-idempotency.ts';
import * as progress from './0012-progress.ts';
import * as inventory from './0013-inventory.ts';
import * as templates from './0014-templates.ts';
import * as plainNames from './0015-plain-names.ts';
import * as permissions from './0016-permissions.ts';
import * as eventCallers from './0017-event-callers.ts';
import * as auditTargets from './0018-audit-targets.ts';
import * as derivedTransactions from './0019-derived-transactions.ts';
import * as numberReservations from './0020-number-reservations.ts';
import * as profileCounts from './0021-profile-counts.ts';
import * as uses from './0022-uses.ts';
import * as returnsOfNever from './0023-returns-of-never.ts';
import * as sessionSearch from './0024-session-search.ts';
import * as purge from './0025-purge.ts';
import * as formerProfiles from './0026-former-profiles.ts';
import * as replacements from './0027-replacements.ts';
import * as logPages from './0028-log-pages.ts';
import * as earlierDevices from './0029-earlier-devices.ts';
import * as claims from './0030-claims.ts';
import * as leaseNodes from './0031-lease-nodes.ts';
import * as msisdn from './0032-msisdn.ts';
import * as manyWriters from './0033-many-writers.ts';
import * as timeIndexes from './0034-time-indexes.ts';
import * as sessionsWithoutProfile from './0035-sessions-without-profile.ts';
import * as keysByExpiry from './0036-keys-by-expiry.ts';
import * as subscribedAfter from './0037-subscribed-after.ts';
import * as eventTraces from './0038-event-traces.ts';
import * as logChains from './0039-log-chains.ts';
import * as sealedSecrets from './0040-sealed-secrets.ts';
import * as usableFrom from './0041-usable-from.ts';
import * as consoleSessions from './0042-console-sessions.ts';
import * as upstreams from './0043-upstreams.ts';
import * as auditErasures from './0044-audit-erasures.ts';
import * as mail from './0045-mail.ts';
import * as profilesOfUpstreams from './0046-profiles-of-upstreams.ts';
import * as people from './0047-people.ts';
import * as installLinks from './0048-install-links.ts';
import * as alerts from './0049-alerts.ts';
import * as sealedMatchingIds from './0050-sealed-matching-ids.ts';
import * as downloadEnds from './0051-download-ends.ts';
import * as operations from './0052-operations.ts';
import * as coreNetworks from './0053-core-networks.ts';
import * as sentInstallLinks from './0054-sent-install-links.ts';
import * as upstreamCallbacks from './0055-upstream-callbacks.ts';
import * as passkeys from './0056-passkeys.ts';
import * as dueDeliveries from './0057-due-deliveries.ts';
import * as keptReady from './0058-kept-ready.ts';
import * as ordersCancelledAtUpstreams from './0059-orders-cancelled-at-upstreams.ts';
import * as settledOperations from './0060-settled-operations.ts';
import * as foundAtUpstreams from './0061-found-at-upstreams.ts';
import * as conditionsOfIndexes from './0062-conditions-of-indexes.ts';
import * as doneRequests from './0063-done-requests.ts';
import * as signInAttempts from './0064-sign-in-attempts.ts';
import type { ColumnTypes } from './column-types.ts';
import { UNFINISHED_COPY } from './unfinished-copy.ts';

type Migration = { up(db: Kysely<unknown>, types: ColumnTypes): Promise<void> };

/** In order: the first is number 1. Only append; there is no way back. */
const migrations: readonly Migration[] = [
  profilesSessionsAccounts,
  protection,
  needsAndReusable,
  sessionJournal,
  es2,
  events,
  returns,
  keyScopes,
  outbox,
  audit,
  idempotency,
  progress,
  inventory,
  templates,
  plainNames,
  permissions,
  eventCallers,
  auditTargets,
  derivedTransactions,
  numberReservations,
  profileCounts,
  uses,
  returnsOfNever,
  sessionSearch,
  purge,
  formerProfiles,
  replacements,
  logPages,
  earlierDevices,
  claims,
  leaseNodes,
  msisdn,
  manyWriters,
  timeIndexes,
  sessionsWithoutProfile,
  keysByExpiry,
  subscribedAfter,
  eventTraces,
  logChains,
  sealedSecrets,
  usableFrom,
  consoleSessions,
  upstreams,
  auditErasures,
  mail,
  profilesOfUpstreams,
  people,
  installLinks,
  alerts,
  sealedMatchingIds,
  downloadEnds,
  operations,
  coreNetworks,
  sentInstallLinks,
  upstreamCallbacks,
  passkeys,
  dueDeliveries,
  keptReady,
  ordersCancelledAtUpstreams,
  settledOperations,
  foundAtUpstreams,
  conditionsOfIndexes,
  doneRequests,
  signInAttempts,
];

/** The number of the newest schema. */
export const newestSchema: number = migrations.length;

/**
 * The number of the newest migration of the release before this one, whose servers continue to work while those of this one replace them. Raise it when a
 * release is published; before the first one, it is where this rule began.
 */
export const RELEASED_SCHEMA = 36;

/** The schema of a database. `usableFrom`: a program can use it if the newest schema that it knows is this one or a later one; null: it was not recorded. */
export type Schema = { readonly number: number; readonly usableFrom: number | null };

/** Whether this program can use a database with a schema: its own one, or one of the next release, which has only added to it. */
export function canUse({ number, usableFrom }: Schema): boolean {
  if (number === UNFINISHED_COPY || number < newestSchema) return false;
  return number === newestSchema || (usableFrom !== null && usableFrom <= newestSchema);
}

/** Reads the schema of a database that has one of this program or of a later one. */
export const schemaQuery =
  'select number, usable_from as "usableFrom" from migration where number = (select max(number) from migration)';

type Bookkeeping = { migration: { number: number; usable_from: number | null } };

/**
 * Brings the database to the newest version in one transaction. A database that is newer than this program is not touched; if
 * this program cannot use it, that throws a StoreError. `lock`: keeps other processes that migrate away until the transaction has ended.
 */
export async function migrate(
  db: Kysely<unknown>,
  types: ColumnTypes,
  lock: (transaction: Kysely<unknown>) => Promise<void> = async () => undefined,
): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    await lock(transaction);
    await transaction.schema
      .createTable('migration')
      .ifNotExists()
      .addColumn('number', types.integer, (c) => c.primaryKey().notNull())
      .execute();
    const book = transaction as unknown as Kysely<Bookkeeping>;
    const { version } = await book
      .selectFrom('migration')
      .select(sql<number>`coalesce(max(number), 0)`.as('version'))
      .executeTakeFirstOrThrow();
    if (version > newestSchema) {
      const { rows } = await sql.raw<Schema>(schemaQuery).execute(transaction);
      return refuseNewer(rows[0] ?? { number: version, usableFrom: null });
    }
    for (const [index, migration] of migrations.entries()) {
      const number = index + 1;
      if (number <= version) continue;
      await migration.up(transaction, types);
      await sql`insert into migration (number) values (${number})`.execute(transaction);
    }
    await book
      .updateTable('migration')
      .set({ usable_from: RELEASED_SCHEMA })
      .where('number', '=', newestSchema)
      .where('usable_from', 'is', null)
      .execute();
  });
}

function refuseNewer(schema: Schema): void {
  if (schema.number === UNFINISHED_COPY)
    throw new StoreError(
      "it is the target of a copy that has not finished: run 'esim store copy' with --switch, or use another database",
    );
  if (!canUse(schema))
    throw new StoreError(
      `it was written by a newer version of this program (schema ${schema.number}, known are up to ${newestSchema}): start that version`,
    );
}
