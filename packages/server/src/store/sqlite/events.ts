import type { EventFilter, EventStore } from '../ports/events.ts';
import { type EventRow, eventFromRow } from '../rows/events.ts';
import type { GroupCommit } from './group-commit.ts';
import type { Statements } from './statements.ts';

/** Events in SQLite. */
export function sqliteEvents(statements: Statements, { read }: GroupCommit): EventStore {
  return {
    events: (filter) => read(() => rowsOf(statements, filter).map(eventFromRow)),
    lastEvent: () => read(() => (statements.lastEvent.get() as { id: number | null }).id ?? 0),
  };
}

function rowsOf(statements: Statements, { account, iccid, after, count }: EventFilter): EventRow[] {
  const { allEvents, eventsOfAccount, eventsOfProfile } = statements;
  if (account === undefined) return allEvents.all(after, count) as EventRow[];
  if (iccid === undefined) return eventsOfAccount.all(account, after, count) as EventRow[];
  return eventsOfProfile.all(account, iccid, after, count) as EventRow[];
}
