import type { ProfileEvent } from '@esim-rsp/smdp/state/event';
import { sql } from 'kysely';
import type { EventStore } from '../../ports/events.ts';
import { type EventRow, eventColumns, eventFromRow, eventToRow } from '../../rows/events.ts';
import { eventRoute } from '../../statements/logs/events.ts';
import type { Call } from '../connection/batch.ts';
import type { Connection } from '../connection/connection.ts';
import { statementOf } from '../connection/statements.ts';
import { insertCall } from '../connection/write-row.ts';
import { logReader } from './log-page.ts';
import { settledReader } from './settled.ts';

const insert = insertCall('event', eventColumns);
const lastUpTo = statementOf('select coalesce(max(id), 0) as id from event where id <= $1');

/**
 * Events in the order of their numbers. Transactions that run at the same time may commit in another order than they took their numbers, so a
 * reader stays behind the lowest number that an open transaction may have: what it has read once, nothing is added before that.
 */
export function postgresEvents(connection: Connection, watchEvents: EventStore['watchEvents']): EventStore {
  const { rows, readable } = connection;
  const settled = settledReader(connection, 'event');
  const readPage = logReader(connection, {
    recordsIn: (found) => readable(found, eventFromRow, ({ id }: EventRow) => `event ${id}`),
    timeOf: ({ at }: EventRow) => at,
  });
  return {
    events: async ({ sort = 'oldest', ...filter }) => {
      const route = eventRoute(filter);
      const range = { ...filter, sort };
      // the events of one profile follow from the versions of its row: nothing can be added before one that is there
      if (filter.iccid !== undefined) return readPage(route, range);
      const upTo = sql<boolean>`id <= ${await settled()}`;
      return readPage({ ...route, equal: [...route.equal, upTo] }, range);
    },
    lastEventId: async () => {
      const [last] = (await rows(lastUpTo, await settled())) as { readonly id: number }[];
      return last?.id ?? 0;
    },
    watchEvents,
  };
}

export function insertEvent(event: ProfileEvent): Call {
  return insert(eventToRow(event));
}
