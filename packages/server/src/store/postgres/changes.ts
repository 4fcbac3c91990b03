import type { Change, Saved } from '@esim-rsp/smdp/state/change';
import type { ChangeStore } from '../ports/changes.ts';
import type { Call } from './connection/batch.ts';
import type { Connection } from './connection/connection.ts';
import type { EventNews } from './connection/event-news.ts';
import { isConflictOn, isStale } from './connection/failures.ts';
import { putContent } from './contents.ts';
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

/**
 * A save is one round trip and one transaction. A statement that meets another version than it expects raises an error: the database skips what
 * follows and undoes what was before. Saves of this process that share a record run one after the other, so that they do not wait for each other
 * inside the database.
 */
export function postgresChanges(
  { write, inOrder }: Connection,
  { reportEvents }: Pick<EventNews, 'reportEvents'>,
): ChangeStore {
  const save = async (changes: readonly Change[]): Promise<Saved> => {
    if (changes.length === 0) return 'saved';
    try {
      await write(changes.flatMap(callsOf));
      if (changes.some((change) => 'event' in change)) reportEvents();
      return 'saved';
    } catch (error) {
      if (isConflictOn('profile_matching_id', error)) return 'matchingIdTaken';
      if (isStale(error) || isConflictOn('profile_download_order_call', error)) return 'stale';
      throw error;
    }
  };
  return { save: (changes) => inOrder([...new Set(changes.flatMap(keysOf))], () => save(changes)) };
}

function callsOf(change: Change): Call[] {
  if ('session' in change) return [writeSession(change.session)];
  if ('event' in change) return [insertEvent(change.event)];
  if ('unchanged' in change) return [mustBeUnchanged(change.unchanged)];
  if ('purge' in change) return purgeProfile(change.purge);
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
  if ('passed' in change) return [`template ${change.passed.template}`];
  if ('event' in change || 'unchanged' in change) return [];
  const { profile, uniqueImsi } = change;
  const matchingId = 'order' in profile ? profile.order.matchingId : '';
  const call = profile.calls?.downloadOrder;
  return [
    `profile ${profile.iccid}`,
    ...(uniqueImsi ? [`imsi ${profile.account} ${profile.imsi}`] : []),
    ...(matchingId === '' ? [] : [`matchingId ${matchingId}`]),
    ...(call === undefined ? [] : [`call ${profile.account} ${call}`]),
  ];
}
