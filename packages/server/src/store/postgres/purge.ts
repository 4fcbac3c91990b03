import type { Purge } from '@esim-rsp/smdp/state/purge';
import { MOST_TARGETS } from '../ports/audit.ts';
import { ERASURE } from '../ports/logs/chains.ts';
import { formerCallColumns, formerProfileColumns } from '../rows/former-profiles.ts';
import { purgeQueries } from '../statements/purge.ts';
import type { Call } from './connection/batch.ts';
import { rowStatement, statementsOf } from './connection/statements.ts';
import { insertCall, mustChangeOne, putCall } from './connection/write-row.ts';

const statements = statementsOf(purgeQueries);
const deleteProfile = mustChangeOne(statements.profile);
const putFormer = putCall('former_profile', formerProfileColumns, ['iccid']);
/**
 * The audit entries that say which events have lost content, and a row for each of their targets: the same as `erasureEntries`, in one statement,
 * because a save is one round trip.
 */
const recordErasures = rowStatement({
  text: `with own as (select id, (row_number() over (order by id) - 1) / ${MOST_TARGETS} as part from event where account = ? and iccid = ?),
    parts as (select part, array_agg('event ' || id order by id) as targets from own group by part),
    entries as (insert into audit (at, account, operation, target, more_targets)
      select cast(? as bigint), cast(? as text), '${ERASURE}', targets[1], nullif(array_to_string(targets[2:], E'\\n'), '')
      from parts order by part returning id, account, target, more_targets)
    insert into audit_target (account, target, entry)
    select account, name, id from entries, unnest(array[target] || coalesce(string_to_array(more_targets, E'\\n'), '{}')) as name`,
  names: [],
});
const insertFormerCall = insertCall('former_call', formerCallColumns, 'account, call');

/**
 * Deletes a profile and everything that belongs to it; fails as stale if the stored one is not that version. Its content and its uses go with
 * its row.
 */
export function purgeProfile({ iccid, account, version, es2Calls, at, history }: Purge): Call[] {
  const own = [account, iccid];
  return [
    { statement: deleteProfile, values: [iccid, account, version] },
    putFormer({ iccid, version }),
    ...es2Calls.map((call) => insertFormerCall({ account, call })),
    { statement: statements.refusedCalls, values: [iccid] },
    { statement: statements.claims, values: [iccid] },
    { statement: statements.sessions, values: [iccid] },
    { statement: statements.operations, values: own },
    { statement: statements.answers, values: own },
    { statement: statements.answerTargets, values: own },
    { statement: statements.readAgain, values: own },
    { statement: recordErasures, values: [...own, at, account] },
    { statement: statements.salts, values: [account, ...own] },
    ...(history === 'keep'
      ? [
          { statement: statements.anonymous, values: own },
          { statement: statements.mails, values: own },
          { statement: statements.deliveryErrors, values: own },
        ]
      : [
          { statement: statements.events, values: own },
          { statement: statements.deliveries, values: own },
        ]),
  ];
}
