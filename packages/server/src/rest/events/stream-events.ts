import type { FastifyReply } from 'fastify';
import { takeTurn } from '../../limits/turns.ts';
import type { ApiKeyStore } from '../../store/ports/api-keys.ts';
import type { EventStore } from '../../store/ports/events.ts';
import type { CallerKey } from '../frame/authenticate.ts';
import type { Services } from '../frame/operation.ts';
import { openEventStream } from './event-stream.ts';
import { type EventsFilter, eventsPage } from './events-page.ts';

/** Events that are sent together. */
const AT_ONCE = 100;

/** Follows the events of an account. Without `after` the stream starts with what happens next. */
export async function streamEvents(
  services: Services<EventStore & Pick<ApiKeyStore, 'validApiKeys'>>,
  filter: EventsFilter,
  caller: CallerKey,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { store } = services;
  const first = filter.after ?? { id: await store.lastEventId() };
  return openEventStream(services, { caller, after: first.id }, reply, async (write, ended) => {
    const watch = store.watchEvents();
    let after = first;
    while (!ended.aborted) {
      const { events, next_cursor, more } = await eventsPage(store, { ...filter, after, count: AT_ONCE });
      after = { id: Number(next_cursor) };
      await takeTurn();
      await write(events.map((data) => ({ id: Number(data.id), type: data.type, data })));
      if (!more) await watch.next(ended);
    }
  });
}
