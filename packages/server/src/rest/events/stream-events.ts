import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { FastifyReply } from 'fastify';
import { takeTurn } from '../../limits/turns.ts';
import type { ApiKeyStore } from '../../store/ports/api-keys.ts';
import type { EventStore } from '../../store/ports/events.ts';
import type { LogPosition } from '../../store/ports/log-page.ts';
import { hasKeyEnded, LOOK_FOR_KEY_MS } from '../frame/end-of-key.ts';
import type { Services } from '../frame/operation.ts';
import { HttpProblem } from '../frame/problem.ts';
import { endUnread } from '../frame/unread-answer.ts';
import { type EventsFilter, eventsPage } from './events-page.ts';

const MOST_PER_ACCOUNT = 20;
/** Events that are sent together. */
const AT_ONCE = 100;
const HEARTBEAT_MS = 15_000;

/** How many streams each account has open, by the store that they read. */
const openOn = new WeakMap<EventStore, Map<string, number>>();

function streamsOn(store: EventStore): Map<string, number> {
  const open = openOn.get(store) ?? new Map<string, number>();
  openOn.set(store, open);
  return open;
}

/**
 * Server-sent events (HTML 9.2): each event with its id, so that a client that was cut off continues where it was. Without
 * `after` it starts with what happens next. Ends when the client goes,
 * when the key `keyId` ends, or when the server stops.
 */
export async function streamEvents(
  services: Services<EventStore & Pick<ApiKeyStore, 'validApiKeys'>>,
  filter: EventsFilter,
  keyId: string,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { account } = filter;
  const after = filter.after ?? { id: await services.store.lastEventId() };
  const open = streamsOn(services.store);
  const streams = open.get(account) ?? 0;
  if (streams >= MOST_PER_ACCOUNT)
    throw new HttpProblem(503, 'too_many_streams', `${MOST_PER_ACCOUNT} streams are open already: close one`);
  open.set(account, streams + 1);
  reply.hijack();
  const { raw } = reply;
  for (const [name, value] of Object.entries(reply.getHeaders()))
    if (value !== undefined) raw.setHeader(name, value);
  raw.writeHead(200, { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no', connection: 'close' });
  raw.write(`retry: 2000\nid: ${after.id}\n\n`); // one who comes back before the first event knows from where
  endUnread(raw);
  const gone = closingOf(raw);
  const keyEnded = endOfKey(services.store, account, keyId, gone);
  const ended = AbortSignal.any([gone, keyEnded, services.stopping]);
  follow(services, { ...filter, after }, raw, ended)
    .catch((error) => {
      if (!ended.aborted)
        services.log?.error('a stream of events broke: its client connects again', { err: error });
    })
    .finally(() => {
      open.set(account, (open.get(account) ?? 1) - 1);
      raw.end(keyEnded.aborted ? ': the API key of this stream is not valid any more\n\n' : '');
    });
  return reply;
}

/** Aborted when the client has gone. */
function closingOf(raw: ServerResponse): AbortSignal {
  const gone = new AbortController();
  raw.on('close', () => gone.abort());
  raw.on('error', () => gone.abort());
  return gone.signal;
}

/** Aborted when a key has ended. Looks until `gone`. */
function endOfKey(
  store: Pick<ApiKeyStore, 'validApiKeys'>,
  account: string,
  keyId: string,
  gone: AbortSignal,
): AbortSignal {
  const ended = new AbortController();
  const look = async () => {
    if (await hasKeyEnded(store, account, keyId)) ended.abort();
  };
  const timer = setInterval(look, LOOK_FOR_KEY_MS);
  for (const end of [gone, ended.signal]) end.addEventListener('abort', () => clearInterval(timer));
  return ended.signal;
}

async function follow(
  { store }: Services<EventStore>,
  filter: EventsFilter & { readonly after: LogPosition },
  raw: ServerResponse,
  ended: AbortSignal,
): Promise<void> {
  let { after } = filter;
  let wroteAt = performance.now();
  const watch = store.watchEvents();
  while (!ended.aborted) {
    const { events, next_cursor, more } = await eventsPage(store, { ...filter, after, count: AT_ONCE });
    after = { id: Number(next_cursor) };
    await takeTurn();
    const text = events
      .map((event) => `id: ${event.id}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
      .join('');
    const beat = text === '' && performance.now() - wroteAt >= HEARTBEAT_MS ? ': still here\n\n' : '';
    if (text + beat !== '') {
      wroteAt = performance.now();
      if (!raw.write(text + beat)) await once(raw, 'drain', { signal: ended });
    }
    if (!more) await watch.next(ended);
  }
}
