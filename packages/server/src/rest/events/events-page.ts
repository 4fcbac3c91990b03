import type { NotFromCaller } from '@esim-rsp/smdp/from-caller';
import { eventTypes } from '@esim-rsp/smdp/state/event';
import { type Static, Type } from '@sinclair/typebox';
import { eventExample, eventResponse, ProfileEvent } from '../../delivery/event-message.ts';
import { takeTurn } from '../../limits/turns.ts';
import { closed, named } from '../../shapes/shape.ts';
import type { EventFilter, EventStore } from '../../store/ports/events.ts';
import {
  cursorTo,
  logFilters,
  logPaging,
  rangeIn,
  SearchLimited,
  typesFilter,
  typesIn,
} from '../frame/log-query.ts';

export const HistoryQuery = named(
  'HistoryQuery',
  Type.Object(
    {
      ...logPaging('an event'),
      types: typesFilter('events', eventTypes),
      ...logFilters('events', 'oldest'),
    },
    { ...closed, description: 'Which events a page has' },
  ),
);

export const ListEventsResponse = Type.Object(
  {
    events: Type.Array(ProfileEvent, { description: 'The events' }),
    next_cursor: Type.String({ description: 'The cursor of the next page, also when it has no events yet' }),
    more: Type.Boolean({ description: 'Whether there may be more events already' }),
    search_limited: SearchLimited,
  },
  {
    $id: 'ListEventsResponse',
    description: 'A page of events, the oldest first unless the request says otherwise',
    examples: [{ events: [eventExample], next_cursor: '17', more: false }],
  },
);

export type EventsFilter = NotFromCaller & EventFilter & { readonly account: string };

/** The events that a query asks for; `iccid`: only of this Profile. Throws 400 for a type that does not exist. */
export function eventsIn({ types, ...query }: Static<typeof HistoryQuery>, iccid?: string) {
  return {
    ...(types !== undefined && { types: typesIn(types, eventTypes) }),
    ...rangeIn(query, { usual: 'oldest', byNumber: iccid !== undefined }),
  };
}

/** One page of an account's events. Who asks again at `next_cursor` sees what has happened since. */
export async function eventsPage(store: EventStore, filter: EventsFilter) {
  const { items, next, end, isSearchLimited } = await store.events(filter);
  await takeTurn();
  const { after = isTimed(filter) ? { at: filter.since ?? 0, id: 0 } : { id: 0 } } = filter;
  return {
    events: items.map(eventResponse),
    next_cursor: cursorTo(next ?? end ?? after),
    more: next !== undefined,
    ...(isSearchLimited && { search_limited: true as const }),
  };
}

/** Whether the cursors of a list have times. */
function isTimed({ iccid, since, until }: EventsFilter): boolean {
  return iccid === undefined && (since !== undefined || until !== undefined);
}
