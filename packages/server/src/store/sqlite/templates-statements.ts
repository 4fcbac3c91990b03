import type { StatementSync } from 'node:sqlite';
import { type Compilable, type Kysely, sql } from 'kysely';
import type { Tables } from '../rows/columns.ts';

export function templateStatements(kysely: Kysely<Tables>, prepare: (query: Compilable) => StatementSync) {
  const ofAccount = kysely.selectFrom('template').where('account', '=', '');
  return {
    templates: prepare(ofAccount.selectAll().orderBy('profile_type')),
    template: prepare(ofAccount.selectAll().where('profile_type', '=', '')),
    countTemplates: prepare(ofAccount.select(sql<number>`count(*)`.as('count'))),
    removeTemplate: prepare(
      kysely.deleteFrom('template').where('account', '=', '').where('profile_type', '=', ''),
    ),
    passNumbers: prepare(
      kysely.updateTable('template').set({ passed: 0 }).where('id', '=', '').where('passed', '<', 0),
    ),
  };
}
