import type { Purge } from '@esim-rsp/smdp/state/purge';
import { formerCallColumns, formerProfileColumns } from '../rows/former-profiles.ts';
import { purgeQueries } from '../statements/purge.ts';
import type { Call } from './connection/batch.ts';
import { statementsOf } from './connection/statements.ts';
import { insertCall, mustChangeOne, putCall } from './connection/write-row.ts';

const statements = statementsOf(purgeQueries);
const deleteProfile = mustChangeOne(statements.profile);
const putFormer = putCall('former_profile', formerProfileColumns, ['iccid']);
const insertFormerCall = insertCall('former_call', formerCallColumns, 'account, call');

/**
 * Deletes a profile and everything that belongs to it; fails as stale if the stored one is not that version. Its content and its uses go with
 * its row.
 */
export function purgeProfile({ iccid, account, version, es2Calls, history }: Purge): Call[] {
  const own = [account, iccid];
  return [
    { statement: deleteProfile, values: [iccid, account, version] },
    putFormer({ iccid, version }),
    ...es2Calls.map((call) => insertFormerCall({ account, call })),
    { statement: statements.refusedCalls, values: [iccid] },
    { statement: statements.claims, values: [iccid] },
    { statement: statements.sessions, values: [iccid] },
    { statement: statements.answers, values: own },
    { statement: statements.answerTargets, values: own },
    ...(history === 'keep'
      ? [
          { statement: statements.anonymous, values: own },
          { statement: statements.deliveryErrors, values: own },
        ]
      : [
          { statement: statements.events, values: own },
          { statement: statements.deliveries, values: own },
        ]),
  ];
}
