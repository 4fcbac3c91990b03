import type { Purge } from '@esim-rsp/smdp/state/purge';
import { sql } from 'kysely';
import { formerCallColumns, formerProfileColumns } from '../../rows/former-profiles.ts';
import { type Connection, prepareLazily } from '../connection/connection.ts';
import { prepareInsert, prepareUpdate } from '../connection/write-row.ts';

/**
 * Deletes a profile and everything that belongs to it; false: the stored one is not that version. Its content and its uses go with
 * its row. The deleted pages are overwritten, because they hold keys.
 */
export function profilePurger(connection: Connection): (purge: Purge) => boolean {
  const { db } = connection;
  const statements = prepareLazily(statementsOf(connection));
  const run = ({ iccid, account, version, es2Calls, history }: Purge): boolean => {
    if (Number(statements.profile.run(iccid, account, version).changes) !== 1) return false;
    if (!statements.former({ iccid, version })) statements.formerAgain({ iccid, version });
    for (const call of es2Calls) statements.formerCall({ account, call });
    statements.refusedCalls.run(iccid);
    statements.claims.run(iccid);
    statements.sessions.run(iccid);
    statements.answers.run(account, iccid);
    statements.answerTargets.run(account, iccid);
    if (history === 'keep') {
      statements.anonymous.run(account, iccid);
      statements.deliveryErrors.run(account, iccid);
    } else {
      statements.events.run(account, iccid);
      statements.deliveries.run(account, iccid);
    }
    return true;
  };
  return (purge) => {
    db.exec('pragma secure_delete = on');
    try {
      return run(purge);
    } finally {
      db.exec('pragma secure_delete = off');
    }
  };
}

const none = sql.lit(null);

function statementsOf({ db, kysely, prepare }: Connection) {
  const sessions = () => kysely.selectFrom('session').where('asked_iccid', '=', '');
  return {
    profile: () =>
      prepare(
        kysely
          .deleteFrom('profile')
          .where('iccid', '=', '')
          .where('account', '=', '')
          .where('version', '=', 0),
      ),
    former: () => prepareInsert(db, 'former_profile', formerProfileColumns, 'iccid'),
    formerAgain: () => prepareUpdate(db, 'former_profile', formerProfileColumns, ['iccid']),
    formerCall: () => prepareInsert(db, 'former_call', formerCallColumns, 'account, call'),
    refusedCalls: () =>
      prepare(
        kysely.deleteFrom('refused_call').where('transaction_id', 'in', sessions().select('transaction_id')),
      ),
    claims: () => prepare(kysely.deleteFrom('refused_call').where('claimed_iccid', '=', '')),
    sessions: () => prepare(kysely.deleteFrom('session').where('asked_iccid', '=', '')),
    /** A kept answer is emptied and not deleted: its request must not run again. */
    answers: () =>
      prepare(
        kysely
          .updateTable('idempotency')
          .set({ sealed: sql<Uint8Array>`x''` })
          .where(({ eb, refTuple, selectFrom }) =>
            eb(
              refTuple('account', 'key'),
              'in',
              selectFrom('idempotency_target')
                .select(['account', 'key'])
                .where('account', '=', '')
                .where('iccid', '=', '')
                .$asTuple('account', 'key'),
            ),
          ),
      ),
    answerTargets: () =>
      prepare(kysely.deleteFrom('idempotency_target').where('account', '=', '').where('iccid', '=', '')),
    anonymous: () =>
      prepare(
        kysely
          .updateTable('event')
          .set({ eid: none, transaction_id: none, message: none, result_data: none })
          .where('account', '=', '')
          .where('iccid', '=', ''),
      ),
    deliveryErrors: () =>
      prepare(
        kysely
          .updateTable('delivery')
          .set({ last_error: none })
          .where('account', '=', '')
          .where('iccid', '=', ''),
      ),
    events: () => prepare(kysely.deleteFrom('event').where('account', '=', '').where('iccid', '=', '')),
    deliveries: () =>
      prepare(kysely.deleteFrom('delivery').where('account', '=', '').where('iccid', '=', '')),
  };
}
