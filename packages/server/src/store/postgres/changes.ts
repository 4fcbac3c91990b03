import type { Change, Saved } from '@esim-rsp/smdp/state/change';
import type { ChangeStore } from '../ports/changes.ts';
import type { BegunRequest } from '../ports/idempotency.ts';
import { workIn } from '../rows/idempotency.ts';
import { otherForms } from '../sealing/other-forms.ts';
import { profileFactQueries } from '../statements/profiles.ts';
import type { Call } from './connection/batch.ts';
import type { Connection } from './connection/connection.ts';
import type { EventNews } from './connection/event-news.ts';
import { isConflictOn, isStale } from './connection/failures.ts';
import { statementsOf } from './connection/statements.ts';
import { putContent } from './contents.ts';
import { writeOperation } from './gateway/operations.ts';
import { recordWork } from './idempotency.ts';
import { changeInstallLink } from './install/links.ts';
import { insertEvent } from './logs/events.ts';
import {
  deleteUses,
  mustBeUnchanged,
  writeLatestUse,
  writeProfile,
  writeUse,
  writeWithUniqueImsi,
} from './profile-writer.ts';
import { purgeProfile } from './purge.ts';
import { writeSession } from './sessions.ts';
import { writeUsedNumbers } from './templates.ts';

const facts = statementsOf(profileFactQueries);

/**
 * A save is one round trip and one transaction. A statement that meets another version than it expects raises an error: the database skips what
 * follows and undoes what was before. Saves of this process that share a record run one after the other, so that they do not wait for each other
 * inside the database.
 */
export function postgresChanges(
  connection: Connection,
  { reportEvents }: Pick<EventNews, 'reportEvents'>,
): ChangeStore {
  const { write, inOrder } = connection;
  const save = async (changes: readonly Change[], request?: BegunRequest): Promise<Saved> => {
    if (changes.length === 0) return 'saved';
    for (const change of changes)
      if (await hasMatchingIdOfAnother(connection, change)) return 'matchingIdTaken';
    try {
      await write([...changes.flatMap(callsOf), ...recordWork(request, workIn(changes))]);
      if (changes.some((change) => 'event' in change || 'operation' in change)) reportEvents();
      return 'saved';
    } catch (error) {
      if (isConflictOn('profile_matching_id', error)) return 'matchingIdTaken';
      if (isStale(error) || isConflictOn('profile_download_order_call', error)) return 'stale';
      if (isConflictOn('operation_open', error)) return 'stale';
      throw error;
    }
  };
  return {
    save: (changes, request) => inOrder([...new Set(changes.flatMap(keysOf))], () => save(changes, request)),
  };
}

/** Whether the order of another profile has the MatchingID in a form in which the index of MatchingIDs does not see that both are the same. */
async function hasMatchingIdOfAnother({ sealing, rowsAlone }: Connection, change: Change): Promise<boolean> {
  if (!('profile' in change)) return false;
  for (const form of otherForms(sealing, change.profile))
    if ((await rowsAlone(facts.hasMatchingId, form, change.profile.iccid)).length > 0) return true;
  return false;
}

function callsOf(change: Change): Call[] {
  if ('session' in change) return [writeSession(change.session)];
  if ('event' in change) return [insertEvent(change.event)];
  if ('unchanged' in change) return [mustBeUnchanged(change.unchanged)];
  if ('purge' in change) return purgeProfile(change.purge);
  if ('operation' in change) return [writeOperation(change.operation)];
  if ('installLink' in change) return [changeInstallLink(change.installLink)];
  if ('use' in change) return [writeUse(change.use)];
  if ('latest' in change) return [writeLatestUse(change.latest)];
  if ('passed' in change) return [writeUsedNumbers(change.passed)];
  const { profile, content, uniqueImsi } = change;
  const isStocked = profile.state === 'AVAILABLE' || profile.state === 'UNAVAILABLE';
  return [
    ...(uniqueImsi ? writeWithUniqueImsi(profile) : [writeProfile(profile)]),
    ...(profile.version > 0 && isStocked ? [deleteUses(profile)] : []),
    ...(content === undefined ? [] : [putContent(profile.iccid, content)]),
  ];
}

/** The records that a change writes, and the unique values that it takes. */
function keysOf(change: Change): string[] {
  if ('session' in change) return [`session ${change.session.transactionId}`];
  if ('purge' in change) return [`profile ${change.purge.iccid}`];
  if ('use' in change) return [`use ${change.use.iccid} ${change.use.eid}`];
  if ('latest' in change) return [`profile ${change.latest.iccid}`];
  if ('operation' in change) return [`operation ${change.operation.id}`];
  if ('passed' in change) return [`template ${change.passed.template}`];
  if ('event' in change || 'unchanged' in change || 'installLink' in change) return [];
  const { profile, uniqueImsi } = change;
  const isHere = profile.upstream === undefined;
  const matchingId = isHere && 'order' in profile ? profile.order.matchingId : '';
  const call = profile.calls?.downloadOrder;
  return [
    `profile ${profile.iccid}`,
    ...(uniqueImsi ? [`imsi ${profile.account} ${profile.imsi}`] : []),
    ...(matchingId === '' ? [] : [`matchingId ${matchingId}`]),
    ...(call === undefined ? [] : [`call ${profile.account} ${call}`]),
  ];
}
