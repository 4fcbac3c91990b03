import type { ProfileEvent } from '@esim-rsp/smdp/state/event';
import type { EventFilter, EventStore } from '../ports/events.ts';
import { type EventRow, eventColumns, eventFromRow, eventToRow } from '../rows/events.ts';
import { type Connection, prepareLazily } from './connection/connection.ts';
import { prepareInsert } from './connection/write-row.ts';

export function sqliteEvents(connection: Connection): EventStore {
  const { read } = connection;
  const statements = prepareStatements(connection);
  const rowsOf = ({ account, iccid, after, count }: EventFilter) => {
    if (account === undefined) return statements.all.all(after, count);
    if (iccid === undefined) return statements.ofAccount.all(account, after, count);
    return statements.ofProfile.all(account, iccid, after, count);
  };
  return {
    events: (filter) => read(() => (rowsOf(filter) as EventRow[]).map(eventFromRow)),
    lastEventId: () => read(() => (statements.last.get() as { id: number | null }).id ?? 0),
  };
}

function prepareStatements({ kysely, prepare }: Connection) {
  const events = () => kysely.selectFrom('event').selectAll().orderBy('id').limit(1);
  const ofAccount = () => events().where('account', '=', '');
  return prepareLazily({
    all: () => prepare(events().where('id', '>', 0)),
    ofAccount: () => prepare(ofAccount().where('id', '>', 0)),
    ofProfile: () => prepare(ofAccount().where('iccid', '=', '').where('id', '>', 0)),
    last: () => prepare(kysely.selectFrom('event').select((e) => e.fn.max('id').as('id'))),
  });
}

export function eventWriter({ db }: Connection): (event: ProfileEvent) => boolean {
  const statements = prepareLazily({ insert: () => prepareInsert(db, 'event', eventColumns) });
  return (event) => statements.insert(eventToRow(event));
}
