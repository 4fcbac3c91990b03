import type { Purge } from '@esim-rsp/smdp/state/purge';
import { formerCallColumns, formerProfileColumns } from '../../rows/former-profiles.ts';
import { erasureEntries } from '../../statements/logs/erasures.ts';
import { purgeQueries } from '../../statements/purge.ts';
import { type Connection, prepareLazily } from '../connection/connection.ts';
import { prepareInsert, prepareUpdate } from '../connection/write-row.ts';
import { auditWriter } from '../logs/audit.ts';

/**
 * Deletes a profile and everything that belongs to it; false: the stored one is not that version. Its content and its uses go with
 * its row. The deleted pages are overwritten, because they hold keys.
 */
export function profilePurger(connection: Connection): (purge: Purge) => boolean {
  const { db } = connection;
  const statements = connection.prepareEach(purgeQueries);
  const writes = prepareLazily({
    former: () => prepareInsert(connection, 'former_profile', formerProfileColumns, 'iccid'),
    formerAgain: () => prepareUpdate(connection, 'former_profile', formerProfileColumns, ['iccid']),
    formerCall: () => prepareInsert(connection, 'former_call', formerCallColumns, 'account, call'),
  });
  const addAuditEntry = auditWriter(connection);
  /** Of the events, which say in the audit log that they were erased. */
  const eraseFromChain = ({ iccid, account, at }: Purge) => {
    statements.readAgain.run(account, iccid);
    const ids = (statements.eventIds.all(account, iccid) as { id: number }[]).map(({ id }) => id);
    for (const entry of erasureEntries({ account, at }, 'event', ids)) addAuditEntry(entry);
    statements.salts.run(account, account, iccid);
  };
  const run = (purge: Purge): boolean => {
    const { iccid, account, version, es2Calls, history } = purge;
    if (Number(statements.profile.run(iccid, account, version).changes) !== 1) return false;
    if (!writes.former({ iccid, version })) writes.formerAgain({ iccid, version });
    for (const call of es2Calls) writes.formerCall({ account, call });
    statements.refusedCalls.run(iccid);
    statements.claims.run(iccid);
    statements.sessions.run(iccid);
    statements.operations.run(account, iccid);
    statements.answers.run(account, iccid);
    statements.answerTargets.run(account, iccid);
    eraseFromChain(purge);
    if (history === 'keep') {
      statements.anonymous.run(account, iccid);
      statements.mails.run(account, iccid);
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
