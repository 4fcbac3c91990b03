import type { NotFromCaller } from '@esim-rsp/smdp/from-caller';
import type { EventType } from '@esim-rsp/smdp/state/event';
import { eventTypes } from '@esim-rsp/smdp/state/event';
import { type Static, Type } from '@sinclair/typebox';
import { eventExample, eventResponse, ProfileEvent } from '../../delivery/event-message.ts';
import { takeTurn } from '../../limits/turns.ts';
import { about, Count, Cursor, closed, named } from '../../shapes/shape.ts';
import type { EventStore } from '../../store/ports/events.ts';
import { HttpProblem } from '../frame/problem.ts';

const paging = {
  cursor: Type.Optional(
    about(
      'next_cursor of the previous page, or the id of an event; without it, from the first event on',
      Cursor,
    ),
  ),
  count: Type.Optional(Count),
};

export const HistoryQuery = named(
  'HistoryQuery',
  Type.Object(paging, { ...closed, description: 'Which events a page has' }),
);

export const ListEventsResponse = Type.Object(
  {
    events: Type.Array(ProfileEvent, { description: 'The events' }),
    next_cursor: Type.String({ description: 'The cursor of the next page, also when it has no events yet' }),
    more: Type.Boolean({ description: 'Whether there are more events already' }),
  },
  {
    $id: 'ListEventsResponse',
    description: 'A page of events, the oldest first',
    examples: [{ events: [eventExample], next_cursor: '17', more: false }],
  },
);

export type EventsFilter = NotFromCaller & {
  readonly account: string;
  readonly iccid?: string;
  /** Absent: of every type. */
  readonly types?: readonly EventType[];
  readonly cursor?: string;
  readonly count?: number;
};

/** The page that a query asks for. */
export function placeIn({ cursor, count }: Static<typeof HistoryQuery>) {
  return { ...(cursor !== undefined && { cursor }), ...(count !== undefined && { count }) };
}

/** One page of an account's events. Those of other types are skipped: `next_cursor` is behind them. */
export async function eventsPage(store: EventStore, filter: EventsFilter) {
  const { account, iccid, types, cursor = '0', count = 100 } = filter;
  const found = await store.events({
    account,
    ...(iccid !== undefined && { iccid }),
    after: Number(cursor),
    count: count + 1,
  });
  await takeTurn();
  const page = found.slice(0, count);
  return {
    events: page.filter(({ type }) => types?.includes(type) ?? true).map(eventResponse),
    next_cursor: String(page.at(-1)?.id ?? cursor),
    more: found.length > count,
  };
}

/** The types that a query names; throws 400 for one that does not exist. */
export function typesIn(list: string): readonly EventType[] {
  return list.split(',').map((word) => {
    const type = eventTypes.find((one) => one === word);
    if (type !== undefined) return type;
    const message = `has ${word}, which is not a type of event`;
    throw new HttpProblem(400, 'validation_failed', `types ${message}`, [{ field: 'types', message }]);
  });
}
