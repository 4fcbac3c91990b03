import { setTimeout as sleep } from 'node:timers/promises';
import type { ProfileEvent } from '@esim-rsp/smdp/state/event';
import type { EventStore } from '../../ports/events.ts';
import { type EventRow, eventColumns, eventFromRow, eventToRow } from '../../rows/events.ts';
import { eventRoute } from '../../statements/logs/events.ts';
import { type Connection, prepareLazily } from '../connection/connection.ts';
import { prepareInsert } from '../connection/write-row.ts';
import { logReader } from './log-page.ts';

/** How often readers look for new events. */
const EVERY_MS = 250;

export function sqliteEvents(connection: Connection): EventStore {
  const { kysely, prepare, read, readable } = connection;
  const statements = prepareLazily({
    last: () => prepare(kysely.selectFrom('event').select((e) => e.fn.max('id').as('id'))),
  });
  const readPage = logReader(connection, {
    recordsIn: (rows) => readable(rows, eventFromRow, ({ id }: EventRow) => `event ${id}`),
    timeOf: ({ at }: EventRow) => at,
  });
  return {
    events: ({ sort = 'oldest', ...filter }) => readPage(eventRoute(filter), { ...filter, sort }),
    lastEventId: () => read(() => (statements.last.get() as { id: number | null }).id ?? 0),
    watchEvents: () => ({
      next: (ended) => sleep(EVERY_MS, undefined, { signal: ended }).catch(() => undefined),
    }),
  };
}

export function eventWriter(connection: Connection): (event: ProfileEvent) => boolean {
  const statements = prepareLazily({ insert: () => prepareInsert(connection, 'event', eventColumns) });
  return (event) => statements.insert(eventToRow(event));
}
