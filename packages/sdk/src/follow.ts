import type { Configuration } from './configuration.ts';
import type { ApiError, ConnectionError } from './errors.ts';
import { answerWith, json, mustBe } from './http/answer.ts';
import { createExchange, piecesOf } from './http/exchange.ts';
import type { RequestOptions } from './http/request.ts';
import type { EventsQuery } from './models.ts';

/** Which events a stream has: those of pages have an order and times. */
export type FollowFilter = Pick<EventsQuery, 'cursor' | 'iccid' | 'types'>;

/** Options of `followEvents`. */
export interface FollowOptions extends RequestOptions {
  /**
   * Called before each new connection, with the error that ended the previous one and the number of failures since the last
   * event or heartbeat.
   */
  onReconnect?: (error: ApiError | ConnectionError, failures: number) => void;
}

/** Failures in a row after which a stream that was open ends: some minutes, in which a server is updated. */
const MOST_FAILURES = 60;
/** Milliseconds: twice the time between two heartbeats of the server. */
const SILENCE = 30_000;

/** Which stream: the call, and its path after the event that was seen last. */
export interface EventStream {
  name: string;
  path: (seen: string | undefined) => string;
}

/** Events as they happen. A stream that breaks is opened again where it was. */
export async function* follow<E>(
  configuration: Configuration,
  { name, path }: EventStream,
  after: string | undefined,
  options: FollowOptions,
): AsyncGenerator<E, void, undefined> {
  let seen = after;
  const call = {
    name,
    method: 'GET',
    get path() {
      return path(seen);
    },
    accept: 'text/event-stream',
  };
  const exchange = createExchange(configuration, call, options);
  const silence = options.timeout ?? (exchange.timeout && Math.max(exchange.timeout, SILENCE));
  try {
    for (;;)
      try {
        const response = await exchange.open();
        mustBe(call.accept, response, '');
        exchange.expect(silence);
        for await (const block of piecesOf(response, '\n\n', exchange)) {
          exchange.expect(silence);
          exchange.accept(options.retries ?? MOST_FAILURES);
          seen = fieldOf('id', block) ?? seen;
          const data = fieldOf('data', block);
          if (data !== undefined) yield (await json<E>(answerWith(response, new Blob([data])))).data;
        }
        throw exchange.broken('the stream of events ended');
      } catch (error) {
        const failures = await exchange.recover(error);
        options.onReconnect?.(error as ApiError | ConnectionError, failures);
      }
  } finally {
    exchange.end();
  }
}

/** A field of a block of server-sent events (HTML 9.2.6), as far as the API uses them: each has one line. */
function fieldOf(field: string, block: string): string | undefined {
  return new RegExp(`^${field}: ?(.*)`, 'm').exec(block)?.[1];
}
