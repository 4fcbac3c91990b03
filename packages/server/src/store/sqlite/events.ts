import type { ProfileEvent } from '@esim-rsp/smdp/state/event';
import type { EventFilter, EventStore } from '../ports/events.ts';
import { type EventRow, eventColumns, eventFromRow, eventToRow } from '../rows/events.ts';
import { type Connection, prepareLazily } from './connection/connection.ts';
import { fillPage, rowsOf } from './connection/read-rows.ts';
import { prepareInsert } from './connection/write-row.ts';

export function sqliteEvents(connection: Connection): EventStore {
  const { read, readLong, readable } = connection;
  const statements = prepareStatements(connection);
  const found = ({ account, iccid, after, count }: EventFilter) => {
    if (account === undefined) return rowsOf(statements.all, after, count);
    if (iccid === undefined) return rowsOf(statements.ofAccount, account, after, count);
    return rowsOf(statements.ofProfile, account, iccid, after, count);
  };
  return {
    events: (filter) =>
      readLong(() =>
        fillPage(
          filter.count,
          filter.after,
          (after, count) => found({ ...filter, after, count }),
          (rows) => readable(rows, eventFromRow, ({ id }: EventRow) => `event ${id}`),
        ),
      ),
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
