import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { FastifyReply } from 'fastify';
import type { ApiKeyStore } from '../../store/ports/api-keys.ts';
import type { CallerKey } from '../frame/authenticate.ts';
import { hasKeyEnded, LOOK_FOR_KEY_MS } from '../frame/end-of-key.ts';
import type { Services } from '../frame/operation.ts';
import { HttpProblem } from '../frame/problem.ts';
import { endUnread } from '../frame/unread-answer.ts';

export const MOST_PER_ACCOUNT = 20;
const HEARTBEAT_MS = 15_000;

/** How many streams each account has open, by the store of the server. */
const openOn = new WeakMap<object, Map<string, number>>();

function streamsOn(store: object): Map<string, number> {
  const open = openOn.get(store) ?? new Map<string, number>();
  openOn.set(store, open);
  return open;
}

/** An event as its stream writes it; `data` becomes JSON. */
export type StreamedEvent = { readonly id: number; readonly type: string; readonly data: object };

/** What writes the events of a stream. `write` resolves when the client can take more. Ends when `ended` is aborted. */
export type FollowEvents = (
  write: (events: readonly StreamedEvent[]) => Promise<void>,
  ended: AbortSignal,
) => Promise<void>;

/** Who follows, and the event after which the stream begins. */
export type Follower = { readonly caller: CallerKey; readonly after: number };

type StreamServices = Services<Pick<ApiKeyStore, 'validApiKeys'>>;

/**
 * Answers with server-sent events (HTML 9.2): each event has its id, so that a client that was cut off continues where it was. The
 * stream ends when the client goes, when its key or session ends, or when the server stops. Throws a problem if the account has too many.
 */
export function openEventStream(
  services: StreamServices,
  { caller, after }: Follower,
  reply: FastifyReply,
  follow: FollowEvents,
): FastifyReply {
  const { account } = caller;
  const open = streamsOn(services.store);
  const streams = open.get(account) ?? 0;
  if (streams >= MOST_PER_ACCOUNT)
    throw new HttpProblem(503, 'too_many_streams', `${MOST_PER_ACCOUNT} streams are open already: close one`);
  open.set(account, streams + 1);
  const raw = beginStream(reply, after);
  const gone = closingOf(raw);
  const keyEnded = endOfKey(services, caller, gone);
  const ended = AbortSignal.any([gone, keyEnded, services.stopping]);
  follow(writerTo(raw, ended), ended)
    .catch((error) => {
      if (!ended.aborted)
        services.log?.error('a stream of events broke: its client connects again', { err: error });
    })
    .finally(() => {
      open.set(account, (open.get(account) ?? 1) - 1);
      raw.end(
        keyEnded.aborted ? ': the API key or the session of this stream is not valid any more\n\n' : '',
      );
    });
  return reply;
}

/** The last event that a client received before it lost its connection; undefined if it says nothing. */
export function lastEventId(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): number | undefined {
  const id = headers['last-event-id'];
  return typeof id === 'string' && /^\d{1,15}$/.test(id) ? Number(id) : undefined;
}

function beginStream(reply: FastifyReply, after: number): ServerResponse {
  reply.hijack();
  const { raw } = reply;
  for (const [name, value] of Object.entries(reply.getHeaders()))
    if (value !== undefined) raw.setHeader(name, value);
  raw.writeHead(200, { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no', connection: 'close' });
  raw.write(`retry: 2000\nid: ${after}\n\n`); // one who comes back before the first event knows from where
  endUnread(raw);
  return raw;
}

/** Writes events as text, and a comment when there was none for a while, so that nothing on the way ends a silent connection. */
function writerTo(raw: ServerResponse, ended: AbortSignal) {
  const beat = setInterval(() => raw.writableNeedDrain || raw.write(': still here\n\n'), HEARTBEAT_MS);
  ended.addEventListener('abort', () => clearInterval(beat));
  return async (events: readonly StreamedEvent[]) => {
    if (events.length === 0) return;
    beat.refresh();
    const text = events.map(
      ({ id, type, data }) => `id: ${id}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`,
    );
    if (!raw.write(text.join(''))) await once(raw, 'drain', { signal: ended });
  };
}

/** Aborted when the client has gone. */
function closingOf(raw: ServerResponse): AbortSignal {
  const gone = new AbortController();
  raw.on('close', () => gone.abort());
  raw.on('error', () => gone.abort());
  return gone.signal;
}

/** Aborted when a key or a session has ended. Looks until `gone`. */
function endOfKey(services: StreamServices, caller: CallerKey, gone: AbortSignal): AbortSignal {
  const ended = new AbortController();
  const look = async () => {
    if (await hasKeyEnded(services, caller)) ended.abort();
  };
  const timer = setInterval(look, LOOK_FOR_KEY_MS);
  for (const end of [gone, ended.signal]) end.addEventListener('abort', () => clearInterval(timer));
  return ended.signal;
}
