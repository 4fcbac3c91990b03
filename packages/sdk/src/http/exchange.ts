import { type Configuration, milliseconds, retryCount } from '../configuration.ts';
import type { ApiError, ApiResponse } from '../errors.ts';
import { answerWith, refusal } from './answer.ts';
import { type Call, headersOf, locate, type RequestOptions, randomKey } from './request.ts';
import { pauseAfter } from './retry.ts';
import { createWatchdog } from './watchdog.ts';

export type Exchange = ReturnType<typeof createExchange>;

/** A call with all its attempts. Every failure is an `ApiError`, a `ConnectionError` or the reason of the caller's signal. */
export function createExchange(configuration: Configuration, call: Call, options: RequestOptions) {
  const { fetch = globalThis.fetch, baseOptions, logger, debug } = configuration;
  const { name, method, body = null, advice = '' } = call;
  const timeout = milliseconds(options.timeout ?? configuration.timeout);
  let retries = retryCount(options.retries ?? configuration.retries);
  let failures = 0;
  const { origin } = locate(configuration, call);
  const watchdog = createWatchdog(options.signal, (why) => `No answer from ${origin}: ${why}.${advice}`);

  return {
    ...watchdog,
    timeout,

    /** Sends the request; resolves to the answer if it is of the 200s. Its body has not arrived yet. */
    async open(): Promise<Response> {
      const headers = await headersOf(configuration, call, options);
      // The API key would go to wherever a redirect leads; `duplex` is for bodies that are streams.
      const init = { redirect: 'manual' as const, ...baseOptions, method, headers, body, duplex: 'half' };
      watchdog.expect(timeout);
      const started = Date.now();
      const response = await watchdog.watch(
        fetch(locate(configuration, call), { ...init, signal: watchdog.signal() }),
      );
      const { status, ok, headers: received } = response;
      // No path, no header and no body: they could contain a secret.
      const seen = `${name}: ${status} in ${Date.now() - started} ms, request ${received.get('x-request-id')}`;
      if (debug) logger?.debug(seen);
      if (!ok) throw refusal(response, await watchdog.watch(response.text()));
      return response;
    },

    /** Something arrived: forgets the failures, and sets how many in a row may follow. */
    accept(limit: number): void {
      failures = 0;
      retries = limit;
    },

    /** Waits before the next attempt, and gives the number of failures; rejects with the error if there must not be one. */
    async recover(error: unknown): Promise<number> {
      const wait = failures < retries ? pauseAfter(method, error, failures) : undefined;
      if (wait === undefined) throw error;
      logger?.warn(`${name}: ${(error as ApiError).code}, next attempt in ${Math.ceil(wait)} ms`);
      await watchdog.sleep(wait);
      return ++failures;
    },
  };
}

/** Sends a request, again if need be, and gives the body of its answer. */
export async function send(
  configuration: Configuration,
  call: Call,
  options: RequestOptions,
): Promise<ApiResponse<Blob>> {
  const isKept = call.method === 'POST' && (options.retries ?? configuration.retries) > 0;
  const idempotencyKey = options.idempotencyKey ?? (isKept ? randomKey() : undefined);
  const exchange = createExchange(configuration, call, { ...options, idempotencyKey });
  try {
    for (;;)
      try {
        const response = await exchange.open();
        // The caller can read the body of the response too.
        return answerWith(response, await exchange.watch(response.clone().blob()));
      } catch (error) {
        await exchange.recover(error);
      }
  } finally {
    exchange.end();
  }
}

/** Sends a request and yields the lines of its answer, without their ends, as they arrive. */
export async function* linesOf(exchange: Exchange): AsyncGenerator<string, void, undefined> {
  try {
    for await (const line of piecesOf(await exchange.open(), '\n', exchange)) {
      exchange.expect(0); // the caller may take its time
      yield line;
      exchange.expect(exchange.timeout);
    }
  } finally {
    exchange.end();
  }
}

/** The pieces of a body that a separator ends, as they arrive. */
export async function* piecesOf(
  { body }: Response,
  separator: string,
  { watch }: Pick<Exchange, 'watch'>,
): AsyncGenerator<string, void, undefined> {
  const reader = body?.getReader();
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true }); // a file for spreadsheets keeps its mark
  let text = '';
  try {
    for (;;) {
      const part = await (reader && watch(reader.read()));
      if (part?.value === undefined) return;
      text += decoder.decode(part.value, { stream: true });
      const pieces = text.split(separator);
      text = pieces.pop() ?? '';
      yield* pieces;
    }
  } finally {
    await reader?.cancel().catch(() => undefined); // the connection may be gone
  }
}
