import type { ProfileEvent } from '@esim-rsp/smdp/state/event';
import { sql } from 'kysely';
import type { EventFilter, EventStore } from '../../ports/events.ts';
import { type EventRow, eventColumns, eventFromRow, eventToRow } from '../../rows/events.ts';
import { type Connection, prepareLazily } from '../connection/connection.ts';
import { prepareInsert } from '../connection/write-row.ts';
import { isOneOf, type LogRoute, logReader, timesWithin } from './log-page.ts';

export function sqliteEvents(connection: Connection): EventStore {
  const { kysely, prepare, read, readable } = connection;
  const statements = prepareLazily({
    last: () => prepare(kysely.selectFrom('event').select((e) => e.fn.max('id').as('id'))),
  });
  const readPage = logReader(
    connection,
    (rows) => readable(rows, eventFromRow, ({ id }: EventRow) => `event ${id}`),
    ({ at }: EventRow) => at,
  );
  return {
    events: ({ sort = 'oldest', ...filter }) => readPage(routeOf(filter), { ...filter, sort }),
    lastEventId: () => read(() => (statements.last.get() as { id: number | null }).id ?? 0),
  };
}

const [id, time, type] = [sql.ref('id'), sql.ref('at'), sql.ref('type')];

/** Along the events of a profile, or along the times if they are limited. */
function routeOf(filter: EventFilter): LogRoute {
  const { account, iccid, types, since, until } = filter;
  const log = { from: sql`event`, columns: sql`*`, id, others: isOneOf(type, types) };
  if (account === undefined)
    return { ...log, equal: [], others: [...log.others, ...timesWithin(time, filter)] };
  const own = sql<boolean>`account = ${account}`;
  if (iccid !== undefined)
    return {
      ...log,
      equal: [own, sql<boolean>`iccid = ${iccid}`],
      others: [...log.others, ...timesWithin(time, filter)],
    };
  const isTimed = since !== undefined || until !== undefined;
  return { ...log, equal: [own], ...(isTimed && { time }) };
}

export function eventWriter({ db }: Connection): (event: ProfileEvent) => boolean {
  const statements = prepareLazily({ insert: () => prepareInsert(db, 'event', eventColumns) });
  return (event) => statements.insert(eventToRow(event));
}
