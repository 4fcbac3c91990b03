import { sql } from 'kysely';
import type { Builder, Queries } from '../queries.ts';
import { isOpen } from './operations.ts';

export function upstreamQueries(kysely: Builder) {
  const upstreams = () => kysely.selectFrom('upstream').selectAll().orderBy('account').orderBy('name');
  const ofAccount = () => kysely.selectFrom('upstream').where('account', '=', '');
  const typesOfAccount = () => kysely.selectFrom('upstream_type').where('account', '=', '');
  const deleteTypes = () => kysely.deleteFrom('upstream_type').where('account', '=', '');
  return {
    all: () => upstreams(),
    ofAccount: () => upstreams().where('account', '=', ''),
    byName: () => ofAccount().selectAll().where('name', '=', ''),
    count: () => ofAccount().select(sql<number>`count(*)`.as('count')),
    delete: () => kysely.deleteFrom('upstream').where('account', '=', '').where('name', '=', ''),
    types: () => typesOfAccount().selectAll().orderBy('profile_type'),
    type: () => typesOfAccount().selectAll().where('profile_type', '=', ''),
    keptReady: () =>
      kysely
        .selectFrom('upstream_type')
        .selectAll()
        .where('keep_ready', '>', sql.lit(0))
        .orderBy('account')
        .orderBy('profile_type'),
    /** Types other than this one. */
    countTypes: () =>
      typesOfAccount().select(sql<number>`count(*)`.as('count')).where('profile_type', '<>', ''),
    putType: () =>
      kysely
        .insertInto('upstream_type')
        .values({
          ...{ account: '', profile_type: '', upstream: '', vendor_type: '' },
          ...{ keep_ready: 0, batch: 0, ready_days: 0 },
        })
        .onConflict((conflict) =>
          conflict.columns(['account', 'profile_type']).doUpdateSet((e) => ({
            upstream: e.ref('excluded.upstream'),
            vendor_type: e.ref('excluded.vendor_type'),
            keep_ready: e.ref('excluded.keep_ready'),
            batch: e.ref('excluded.batch'),
            ready_days: e.ref('excluded.ready_days'),
          })),
        ),
    deleteType: () => deleteTypes().where('upstream', '=', '').where('profile_type', '=', ''),
    openOperation: () =>
      kysely
        .selectFrom('operation')
        .select('id')
        .where('account', '=', '')
        .where('upstream', '=', '')
        .where(isOpen)
        .limit(1),
    deleteTypesOf: () => deleteTypes().where('upstream', '=', ''),
  } satisfies Queries;
}
