import type { RefusedCallFilter } from '../ports/refused-calls.ts';
import type { Builder, Queries } from './queries.ts';

export function refusedCallQueries(kysely: Builder) {
  const calls = () => kysely.selectFrom('refused_call').orderBy('id', 'desc').limit(1);
  return {
    ofTransaction: () => calls().clearLimit().selectAll().where('transaction_id', '=', ''),
    deleteOld: () => kysely.deleteFrom('refused_call').where('id', '<=', calls().select('id').offset(1)),
  } satisfies Queries;
}

export function searchRefusedCalls(kysely: Builder, filter: RefusedCallFilter) {
  const { account = '', iccid = '', eid = '', reason = '/', since = 0, until = 0, count } = filter;
  const [subject = '', code = ''] = reason.split('/');
  const isOwned = filter.account !== undefined;
  return kysely
    .selectFrom('refused_call')
    .selectAll()
    .$if(filter.iccid !== undefined, (query) => query.where('claimed_iccid', '=', iccid))
    .$if(filter.iccid !== undefined && isOwned, (query) =>
      query.where(({ exists, selectFrom }) =>
        exists(
          selectFrom('profile')
            .select('profile.iccid')
            .where('profile.account', '=', account)
            .whereRef('profile.iccid', '=', 'refused_call.claimed_iccid'),
        ),
      ),
    )
    .$if(filter.eid !== undefined, (query) => query.where('claimed_eid', '=', eid))
    .$if(filter.eid !== undefined && isOwned, (query) =>
      query.where(({ exists, selectFrom }) => {
        const own = selectFrom('profile').select('profile.iccid').where('profile.account', '=', account);
        return exists(
          own.where(({ or, eb, ref }) =>
            or([
              eb('profile.iccid', '=', ref('refused_call.claimed_iccid')),
              eb('profile.eid', '=', ref('refused_call.claimed_eid')),
            ]),
          ),
        );
      }),
    )
    .$if(filter.reason !== undefined, (query) =>
      query.where('subject_code', '=', subject).where('reason_code', '=', code),
    )
    .$if(filter.since !== undefined, (query) => query.where('at', '>=', since))
    .$if(filter.until !== undefined, (query) => query.where('at', '<', until))
    .orderBy('id', 'desc')
    .limit(count);
}
