import type { EventStore } from '../../store/ports/events.ts';
import { operation, type Services } from '../frame/operation.ts';
import { type EventsWish, eventsPage, typesIn } from './events-page.ts';
import { EventsQuery, ListEventsResponse } from './schemas-events.ts';
import { streamEvents } from './stream-events.ts';

export const listEvents = operation({
  operationId: 'listEvents',
  method: 'GET',
  url: '/api/v1/esim/events',
  summary:
    "What happens to the account's profiles: a page, or for Accept: text/event-stream a stream that goes on, from Last-Event-ID on",
  query: EventsQuery,
  answers: {
    200: {
      description: 'A page of events, or server-sent events with the same objects',
      schema: ListEventsResponse,
      contentTypes: ['application/json', 'text/event-stream'],
    },
    400: { description: 'A parameter is not valid' },
    503: { description: 'The account has too many streams open', code: 'too_many_streams' },
  },
  respond: async (
    services: Services<EventStore>,
    { account, query: { types, ...query }, headers },
    reply,
  ) => {
    const wish: EventsWish = { account, ...query, ...(types !== undefined && { types: typesIn(types) }) };
    const accept = String(headers.accept ?? '');
    if (!accept.includes('text/event-stream')) return eventsPage(services.store, wish);
    return streamEvents(services, { ...wish, ...lastEventId(headers) }, reply);
  },
});

/** What a client that comes back has seen already (HTML, server-sent events). */
function lastEventId(headers: Readonly<Record<string, string | string[] | undefined>>) {
  const id = headers['last-event-id'];
  return typeof id === 'string' && /^\d{1,15}$/.test(id) ? { cursor: id } : {};
}
