import { eventTypes } from '@esim-rsp/smdp/state/event';
import { type Static, Type } from '@sinclair/typebox';
import { about, closed, named } from '../../shapes/shape.ts';
import type { ApiKeyStore } from '../../store/ports/api-keys.ts';
import type { EventStore } from '../../store/ports/events.ts';
import type { ChainStore } from '../../store/ports/logs/chains.ts';
import { ENTRIES_DELETED, logFilters, logPaging, refuseDeleted, typesFilter } from '../frame/log-query.ts';
import { operation, type Services } from '../frame/operation.ts';
import { HttpProblem } from '../frame/problem.ts';
import { Iccid } from '../profiles/profile.ts';
import { lastEventId } from './event-stream.ts';
import { type EventsFilter, eventsIn, eventsPage, ListEventsResponse } from './events-page.ts';
import { streamEvents } from './stream-events.ts';

const EventsQuery = named(
  'EventsQuery',
  Type.Object(
    {
      ...logPaging('an event'),
      iccid: Type.Optional(about('Only events of this Profile', Iccid)),
      types: typesFilter('events', eventTypes),
      ...logFilters('events', 'oldest'),
    },
    { ...closed, description: 'Which events a page has' },
  ),
);

export const listEvents = operation({
  operationId: 'listEvents',
  method: 'GET',
  url: '/api/v1/esim/events',
  summary:
    "List the events of the account's profiles; with Accept: text/event-stream, follow them from Last-Event-ID on",
  query: EventsQuery,
  isLong: true,
  permissions: ['read'],
  answers: {
    200: {
      description: 'A page of events, or server-sent events with the same objects',
      schema: ListEventsResponse,
      contentTypes: ['application/json', 'text/event-stream'],
    },
    400: { description: 'A parameter is not valid' },
    410: ENTRIES_DELETED,
    503: { description: 'The account has too many streams open', code: 'too_many_streams' },
  },
  respond: async (
    services: Services<EventStore & Pick<ApiKeyStore, 'validApiKeys'> & Pick<ChainStore, 'chainOf'>>,
    call,
    reply,
  ) => {
    const { account, query, headers } = call;
    const { iccid, ...events } = query;
    const filter: EventsFilter = {
      account,
      ...eventsIn(events, iccid),
      ...(iccid !== undefined && { iccid }),
    };
    const accept = String(headers.accept ?? '');
    if (!accept.includes('text/event-stream')) {
      await refuseDeleted(services.store, 'event', filter);
      return eventsPage(services.store, filter);
    }
    refusePageOnly(query);
    if (reply.request.method === 'HEAD') return reply.type('text/event-stream').send();
    const id = lastEventId(headers);
    const stream = { ...filter, ...(id !== undefined && { after: { id } }) };
    await refuseDeleted(services.store, 'event', { ...stream, sort: 'oldest' });
    return streamEvents(services, stream, call, reply);
  },
});

/** A stream continues as events happen, so it has no other order, and no times. */
function refusePageOnly(query: Static<typeof EventsQuery>): void {
  for (const field of ['sort', 'since', 'until'] as const)
    if (query[field] !== undefined) {
      const message = 'is for pages, and not for a stream: leave it out';
      throw new HttpProblem(400, 'validation_failed', `${field} ${message}`, [{ field, message }]);
    }
}
