import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { type Compilable, type Kysely, sql } from 'kysely';
import {
  accountColumns,
  apiKeyColumns,
  contentColumns,
  profileColumns,
  sessionColumns,
  type Tables,
} from './columns.ts';

/** What an UPDATE never touches. */
type Keys = { readonly profile: 'iccid'; readonly session: 'transaction_id' };

/**
 * Every statement of the store, built by Kysely and prepared once: a request costs no query building. Values are bound
 * in the order in which the placeholders stand.
 */
export function prepareStatements(db: DatabaseSync, kysely: Kysely<Tables>) {
  const prepare = (query: Compilable): StatementSync => db.prepare(query.compile().sql);
  const profiles = kysely.selectFrom('profile').selectAll();
  return {
    begin: db.prepare('begin'),
    beginImmediate: db.prepare('begin immediate'),
    commit: db.prepare('commit'),
    rollback: db.prepare('rollback'),
    savepoint: db.prepare('savepoint change'),
    release: db.prepare('release change'),
    undo: db.prepare('rollback to change'),
    profile: prepare(profiles.where('iccid', '=', '')),
    profileByMatchingId: prepare(
      profiles.where('matching_id', '=', 'x').where('matching_id', '<>', sql.lit('')),
    ),
    profilesWaitingFor: prepare(
      profiles
        .where('order_eid', '=', '')
        .where('matching_id', '=', sql.lit(''))
        .where(sql<boolean>`state in ('RELEASED', 'DOWNLOADED')`)
        .orderBy('released_at')
        .orderBy('iccid'),
    ),
    list: prepare(profiles.where('account', '=', '').orderBy('iccid').limit(1).offset(1)),
    listInState: prepare(
      profiles.where('account', '=', '').where('state', '=', '').orderBy('iccid').limit(1).offset(1),
    ),
    count: prepare(counting(kysely)),
    countInState: prepare(counting(kysely).where('state', '=', '')),
    content: prepare(kysely.selectFrom('profile_content').selectAll().where('iccid', '=', '')),
    session: prepare(kysely.selectFrom('session').selectAll().where('transaction_id', '=', '')),
    accounts: prepare(kysely.selectFrom('account').selectAll().orderBy('created_at').orderBy('id')),
    apiKeys: prepare(kysely.selectFrom('api_key').selectAll().where('account', '=', '')),
    insertProfile: db.prepare(insertion('profile', profileColumns, 'iccid')),
    updateProfile: db.prepare(update('profile', profileColumns, 'iccid')),
    insertContent: db.prepare(insertion('profile_content', contentColumns)),
    insertSession: db.prepare(insertion('session', sessionColumns, 'transaction_id')),
    updateSession: db.prepare(update('session', sessionColumns, 'transaction_id')),
    insertAccount: db.prepare(insertion('account', accountColumns, 'id')),
    insertApiKey: db.prepare(insertion('api_key', apiKeyColumns)),
    removeExpiredSessions: prepare(kysely.deleteFrom('session').where('expires_at', '<', 0)),
  } as const;
}
export type Statements = ReturnType<typeof prepareStatements>;

function counting(kysely: Kysely<Tables>) {
  return kysely.selectFrom('profile').select(sql<number>`count(*)`.as('total')).where('account', '=', '');
}

/** `key`: a row that is there already is left alone, and no row was changed. */
function insertion(table: keyof Tables, columns: object, key?: string): string {
  const names = Object.keys(columns);
  const places = names.map(() => '?').join(', ');
  const unless = key === undefined ? '' : ` on conflict (${key}) do nothing`;
  return `insert into ${table} (${names.join(', ')}) values (${places})${unless}`;
}

/** Binds every column but the key, then the key and the version that must still be there. */
function update<T extends keyof Keys>(table: T, columns: object, key: Keys[T]): string {
  const set = Object.keys(columns)
    .filter((name) => name !== key)
    .map((name) => `${name} = ?`);
  return `update ${table} set ${set.join(', ')} where ${key} = ? and version = ?`;
}

/** A row's values in the order of its columns. */
export function valuesOf(columns: object, row: object, without?: string): SQLInputValue[] {
  const members = row as Record<string, SQLInputValue>;
  return Object.keys(columns)
    .filter((name) => name !== without)
    .map((name) => members[name] as SQLInputValue);
}
