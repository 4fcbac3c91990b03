import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { type Compilable, type Kysely, sql } from 'kysely';
import { auditColumns } from '../rows/audit.ts';
import {
  accountColumns,
  apiKeyColumns,
  contentColumns,
  profileColumnNames,
  profileColumns,
  sessionColumnNames,
  sessionColumns,
  type Tables,
} from '../rows/columns.ts';
import { eventColumns } from '../rows/events.ts';
import { idempotencyColumns } from '../rows/idempotency.ts';
import { operatorColumns } from '../rows/operators.ts';
import { templateColumns } from '../rows/templates.ts';
import { webhookColumns } from '../rows/webhooks.ts';
import { eventReaders } from './events-statements.ts';
import { idempotencyStatements } from './idempotency-statements.ts';
import { inventoryStatements, shownProfiles } from './inventory-statements.ts';
import { operatorStatements } from './operators-statements.ts';
import { outboxStatements } from './outbox-statements.ts';
import { templateStatements } from './templates-statements.ts';
import { webhookStatements } from './webhooks-statements.ts';

/** What an UPDATE finds its row by. */
const keys = { profile: 'iccid', session: 'transaction_id' } as const;

/** Columns of indexes that a download leaves alone: an UPDATE that names one rewrites the index, whatever it holds. */
const ordered = [
  'account',
  'imsi',
  'profile_type',
  'matching_id',
  'order_eid',
  'download_order_call',
  'order_expires_at',
  'returns_at',
] as const;

/**
 * Every statement of the store, built by Kysely and prepared once: a request costs no query building. Values are bound
 * in the order in which the placeholders stand. Those that read profiles and sessions give arrays:
 * the values of `profileColumns` and `sessionColumns`, lists those of `shownColumns`.
 */
export function prepareStatements(db: DatabaseSync, kysely: Kysely<Tables>) {
  const prepare = (query: Compilable): StatementSync => db.prepare(query.compile().sql);
  const profiles = kysely.selectFrom('profile').select(profileColumnNames);
  const shown = shownProfiles(kysely);
  const sessions = kysely.selectFrom('session').select(sessionColumnNames);
  const prepareArrays = (query: Compilable): StatementSync => {
    const statement = prepare(query);
    statement.setReturnArrays(true);
    return statement;
  };
  return {
    begin: db.prepare('begin'),
    beginImmediate: db.prepare('begin immediate'),
    commit: db.prepare('commit'),
    rollback: db.prepare('rollback'),
    savepoint: db.prepare('savepoint change'),
    release: db.prepare('release change'),
    undo: db.prepare('rollback to change'),
    profile: prepareArrays(profiles.where('iccid', '=', '')),
    profileByMatchingId: prepareArrays(
      profiles.where('matching_id', '=', 'x').where('matching_id', '<>', sql.lit('')),
    ),
    profilesWaitingFor: prepareArrays(
      profiles
        .where('order_eid', '=', '')
        .where('matching_id', '=', sql.lit(''))
        .where(sql<boolean>`state in ('RELEASED', 'DOWNLOADED')`)
        .orderBy('released_at')
        .orderBy('iccid'),
    ),
    availableOfType: prepareArrays(
      profiles
        .where('account', '=', '')
        .where('profile_type', '=', '')
        .where('state', '=', sql.lit('AVAILABLE'))
        .orderBy('changed_at')
        .orderBy('iccid')
        .limit(1),
    ),
    anyOfType: prepare(
      kysely
        .selectFrom('profile')
        .select('iccid')
        .where('account', '=', '')
        .where('profile_type', '=', '')
        .limit(1),
    ),
    iccidsBetween: prepare(
      kysely
        .selectFrom('profile')
        .select('iccid')
        .where('iccid', '>=', '')
        .where('iccid', '<=', '')
        .orderBy('iccid'),
    ),
    profileOrderedBy: prepareArrays(profiles.where('account', '=', '').where('download_order_call', '=', '')),
    shown: prepareArrays(shown.where('iccid', '=', '').where('account', '=', '')),
    list: prepareArrays(shown.where('account', '=', '').orderBy('iccid').limit(1).offset(1)),
    listInState: prepareArrays(
      shown.where('account', '=', '').where('state', '=', '').orderBy('iccid').limit(1).offset(1),
    ),
    count: prepare(counting(kysely)),
    countInState: prepare(counting(kysely).where('state', '=', '')),
    content: prepare(kysely.selectFrom('profile_content').selectAll().where('iccid', '=', '')),
    session: prepareArrays(sessions.where('transaction_id', '=', '')),
    profilesReturning: prepare(
      kysely
        .selectFrom('profile')
        .select('iccid')
        .where('returns_at', '<=', 0)
        .orderBy('returns_at')
        .limit(1),
    ),
    profilesExpiring: prepare(
      kysely
        .selectFrom('profile')
        .select('iccid')
        .where('order_expires_at', '<=', 0)
        .where('state', '=', sql.lit('RELEASED'))
        .where('reusable', 'is', null)
        .orderBy('order_expires_at')
        .limit(1),
    ),
    recentSessions: prepareArrays(sessions.orderBy('opened_at', 'desc').limit(1)),
    accounts: prepare(kysely.selectFrom('account').selectAll().orderBy('created_at').orderBy('id')),
    apiKeys: prepare(kysely.selectFrom('api_key').selectAll().where('account', '=', '')),
    insertIdempotent: insertion(db, 'idempotency', idempotencyColumns, 'account, key'),
    ...idempotencyStatements(kysely, prepare),
    insertAuditEntry: insertion(db, 'audit', auditColumns),
    auditEntries: prepare(
      kysely
        .selectFrom('audit')
        .selectAll()
        .where('account', '=', '')
        .where('id', '>', 0)
        .orderBy('id')
        .limit(1),
    ),
    insertEvent: insertion(db, 'event', eventColumns),
    ...eventReaders(kysely, prepare),
    ...inventoryStatements(kysely, { prepare, prepareArrays }),
    ...outboxStatements(kysely, prepare),
    ...webhookStatements(kysely, prepare),
    insertWebhook: insertion(db, 'webhook_endpoint', webhookColumns),
    ...templateStatements(kysely, prepare),
    insertTemplate: insertion(db, 'template', templateColumns),
    ...operatorStatements(kysely, prepare),
    insertOperator: insertion(db, 'operator', operatorColumns, 'name'),
    insertProfile: insertion(db, 'profile', profileColumns, 'iccid'),
    updateProfile: update(db, 'profile', profileColumns),
    /** Does nothing where the owner or the order would change. */
    updateProfileInOrder: update(db, 'profile', profileColumns, ordered),
    /** Nor where its eUICC would. */
    updateProfileOnDevice: update(db, 'profile', profileColumns, [...ordered, 'eid']),
    /** Nor where the state would. */
    updateProfileInState: update(db, 'profile', profileColumns, [...ordered, 'eid', 'state', 'changed_at']),
    insertContent: insertion(db, 'profile_content', contentColumns),
    insertSession: insertion(db, 'session', sessionColumns, 'transaction_id'),
    updateSession: update(db, 'session', sessionColumns),
    insertAccount: insertion(db, 'account', accountColumns, 'id'),
    expireApiKey: prepare(
      kysely.updateTable('api_key').set({ expires_at: 0 }).where('account', '=', '').where('id', '=', ''),
    ),
    noteKeyUse: prepare(
      kysely
        .updateTable('api_key')
        .set({ last_used_at: 0 })
        .where('id', '=', '')
        .where((key) => key.or([key('last_used_at', 'is', null), key('last_used_at', '<', 0)])),
    ),
    insertApiKey: insertion(db, 'api_key', apiKeyColumns),
    removeExpiredSessions: prepare(kysely.deleteFrom('session').where('expires_at', '<', 0)),
  } as const;
}
export type Statements = ReturnType<typeof prepareStatements>;

/** The statements that read. */
export type Query = {
  [N in keyof Statements]: Statements[N] extends StatementSync ? N : never;
}[keyof Statements];

function counting(kysely: Kysely<Tables>) {
  return kysely.selectFrom('profile').select(sql<number>`count(*)`.as('total')).where('account', '=', '');
}

/** Writes a row, and tells whether it did. `key`: one that is there already is left alone. */
type Insert = (row: object) => boolean;

function insertion(db: DatabaseSync, table: keyof Tables, columns: object, key?: string): Insert {
  const names = Object.keys(columns);
  const places = names.map(() => '?').join(', ');
  const unless = key === undefined ? '' : ` on conflict (${key}) do nothing`;
  const statement = db.prepare(`insert into ${table} (${names.join(', ')}) values (${places})${unless}`);
  return (row) => changesOne(statement, valuesOf(row, names));
}

/** Writes a row over the one of its key if that has this version, and tells whether it did. */
type Update = (row: object, version: number) => boolean;

/** `same`: columns that the update leaves alone, and in which both rows must agree. */
function update<T extends keyof typeof keys>(
  db: DatabaseSync,
  table: T,
  columns: object,
  same: readonly string[] = [],
): Update {
  const where = [keys[table], ...same];
  const set = Object.keys(columns).filter((name) => !where.includes(name));
  const statement = db.prepare(
    `update ${table} set ${set.map((name) => `${name} = ?`).join(', ')} where ${where.map((name) => `${name} is ?`).join(' and ')} and version = ?`,
  );
  const names = [...set, ...where];
  return (row, version) => changesOne(statement, [...valuesOf(row, names), version]);
}

function changesOne(statement: StatementSync, values: SQLInputValue[]): boolean {
  return Number(statement.run(...values).changes) === 1;
}

function valuesOf(row: object, names: readonly string[]): SQLInputValue[] {
  const members = row as Record<string, SQLInputValue>;
  return names.map((name) => members[name] as SQLInputValue);
}
