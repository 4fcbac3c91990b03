import type { Change, Saved } from '@esim-rsp/smdp/state/change';
import type { Profile } from '@esim-rsp/smdp/state/profile';
import type { ChangeStore } from '../ports/changes.ts';
import type { BegunRequest } from '../ports/idempotency.ts';
import { workIn } from '../rows/idempotency.ts';
import { type Connection, prepareLazily } from './connection/connection.ts';
import { HalfWritten } from './connection/group-commit.ts';
import { contentWriter } from './contents.ts';
import { operationWriter } from './gateway/operations.ts';
import { workRecorder } from './idempotency.ts';
import { installLinkWriter } from './install/links.ts';
import { eventWriter } from './logs/events.ts';
import { reservationChecker } from './number-reservations.ts';
import {
  imsiChecker,
  latestUseWriter,
  matchingIdChecker,
  profileWriter,
  usesDeleter,
  useWriter,
  versionChecker,
} from './profile-writer.ts';
import { profilePurger } from './purge/purge.ts';
import { sessionWriter } from './sessions.ts';
import { usedNumbersWriter } from './templates.ts';

/**
 * Saves inside the shared transaction. Nearly all saves succeed, and nearly all others fail at their first change, so no
 * savepoint is set unless the work is done `carefully`: then a save that fails undoes what it has written.
 */
export function sqliteChanges(connection: Connection): ChangeStore {
  const { db, write } = connection;
  const writeChange = changeWriter(connection);
  const recordWork = workRecorder(connection);
  const statements = prepareLazily({
    savepoint: () => db.prepare('savepoint change'),
    release: () => db.prepare('release change'),
    undo: () => db.prepare('rollback to change'),
  });
  const writeAll = (changes: readonly Change[], request: BegunRequest | undefined) => {
    const { outcome, written } = writeEach(changes, writeChange);
    const isOwn = outcome !== 'saved' || recordWork(request, workIn(changes));
    return { outcome: isOwn ? outcome : ('stale' as const), written };
  };
  const save = (changes: readonly Change[], request: BegunRequest | undefined, carefully: boolean): Saved => {
    if (!carefully) {
      const { outcome, written } = writeAll(changes, request);
      if (outcome !== 'saved' && written > 0) throw new HalfWritten();
      return outcome;
    }
    statements.savepoint.run();
    const { outcome } = writeAll(changes, request);
    if (outcome !== 'saved') statements.undo.run();
    statements.release.run();
    return outcome;
  };
  return {
    save: (changes, request) => write((carefully) => save(changes, request, carefully), changes.length),
  };
}

/** What the index reports of two MatchingIDs that are stored in the same form. */
class MatchingIdTaken extends Error {}

type WriteChange = (change: Change) => boolean;

/** Writes one change after the other, up to the first that fails; `written`: how many succeeded. */
function writeEach(
  changes: readonly Change[],
  writeChange: WriteChange,
): { outcome: Saved; written: number } {
  let written = 0;
  try {
    for (const change of changes) {
      if (!writeChange(change)) return { outcome: 'stale', written };
      written += 1;
    }
    return { outcome: 'saved', written };
  } catch (error) {
    if (error instanceof MatchingIdTaken || isConflictOn('matching_id', error))
      return { outcome: 'matchingIdTaken', written };
    if (isConflictOn('download_order_call', error) || isConflictOn('operation.iccid', error))
      return { outcome: 'stale', written };
    throw error;
  }
}

function isConflictOn(column: string, error: unknown): boolean {
  return (
    error instanceof Error &&
    error.message.startsWith('UNIQUE constraint failed:') &&
    error.message.includes(column)
  );
}

/** Writes one change; false: the stored record is not the version that the change expects, or a new Profile has a number that is reserved for another account, or an IMSI that is another's. */
function changeWriter(connection: Connection): WriteChange {
  const writeSession = sessionWriter(connection);
  const writeProfile = profileWriter(connection);
  const isUnchanged = versionChecker(connection);
  const writeContent = contentWriter(connection);
  const writeEvent = eventWriter(connection);
  const writeUse = useWriter(connection);
  const deleteUses = usesDeleter(connection);
  const writeLatestUse = latestUseWriter(connection);
  const writeUsedNumbers = usedNumbersWriter(connection);
  const isReservedForOther = reservationChecker(connection);
  const isImsiOfAnother = imsiChecker(connection);
  const writeInstallLink = installLinkWriter(connection);
  const isMatchingIdOfAnother = matchingIdChecker(connection);
  const writeOperation = operationWriter(connection);
  const purge = profilePurger(connection);
  return (change) => {
    if ('session' in change) return writeSession(change.session);
    if ('event' in change) return writeEvent(change.event);
    if ('unchanged' in change) return isUnchanged(change.unchanged);
    if ('purge' in change) return purge(change.purge);
    if ('operation' in change) return writeOperation(change.operation);
    if ('installLink' in change) return writeInstallLink(change.installLink);
    if ('use' in change) return writeUse(change.use);
    if ('latest' in change) {
      writeLatestUse(change.latest);
      return true;
    }
    if ('passed' in change) {
      writeUsedNumbers(change.passed);
      return true;
    }
    const { profile, content, uniqueImsi } = change;
    if (profile.version === 0 && isReservedForOther(profile)) return false;
    if (uniqueImsi && isImsiOfAnother(profile)) return false;
    if (isMatchingIdOfAnother(profile)) throw new MatchingIdTaken();
    if (!writeProfile(profile)) return false;
    if (profile.version > 0 && isStocked(profile)) deleteUses(profile.iccid);
    return content === undefined || writeContent(profile.iccid, content);
  };
}

function isStocked({ state }: Profile): boolean {
  return state === 'AVAILABLE' || state === 'UNAVAILABLE';
}
