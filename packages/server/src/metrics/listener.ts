import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { pathOf } from '../http/target.ts';
import { type Format, type Statistics, textOf } from './scrape.ts';

export type MetricsListenerOptions = {
  readonly scrape: () => Promise<Statistics>;
  /** The caller must send it as a bearer token; absent: anybody may ask. */
  readonly token?: string;
  readonly failed: (error: unknown) => void;
};

/** Those who ask at the same time, or soon after each other, get the same statistics. */
const FRESH_MS = 1000;
const MOST_CONNECTIONS = 32;

/** An HTTP server, which does not listen yet, with one page: /metrics. */
export function createMetricsServer({ scrape, token, failed }: MetricsListenerOptions): Server {
  const statistics = shareFor(FRESH_MS, scrape);
  const isAllowed = token === undefined ? () => true : bearerCheck(token);
  const server = createServer(
    { headersTimeout: 5000, requestTimeout: 5000, connectionsCheckingInterval: 1000, maxHeaderSize: 8192 },
    async (request, response) => {
      request.resume();
      if (pathOf(request.url ?? '') !== '/metrics')
        return answer(response, 404, 'text/plain', 'the metrics are at /metrics\n');
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        response.setHeader('Allow', 'GET, HEAD');
        return answer(response, 405, 'text/plain', '/metrics supports GET\n');
      }
      if (!isAllowed(request)) {
        response.setHeader('WWW-Authenticate', 'Bearer');
        return answer(response, 401, 'text/plain', 'send Authorization: Bearer with ESIM_METRICS_TOKEN\n');
      }
      try {
        const { type, body } = await textOf(await statistics(), formatFor(request));
        answer(response, 200, type, body);
      } catch (error) {
        failed(error);
        answer(response, 500, 'text/plain', 'the metrics could not be read; the log has the reason\n');
      }
    },
  );
  server.maxConnections = MOST_CONNECTIONS;
  return server;
}

function answer(response: ServerResponse, status: number, type: string, body: string): void {
  const headers = { 'Content-Type': type, 'Content-Length': Buffer.byteLength(body) };
  response.writeHead(status, headers).end(body);
}

/** Prometheus sends `application/openmetrics-text` first if it prefers it. */
function formatFor({ headers: { accept = '' } }: IncomingMessage): Format {
  return accept.includes('application/openmetrics-text') ? 'openmetrics' : 'prometheus';
}

/** Compares hashes, so that the time does not depend on the token. */
function bearerCheck(token: string): (request: IncomingMessage) => boolean {
  const hashOf = (text: string) => createHash('sha256').update(text).digest();
  const expected = hashOf(token);
  return ({ headers: { authorization = '' } }) => {
    const [, sent = ''] = /^bearer +(\S+)$/i.exec(authorization) ?? [];
    return timingSafeEqual(hashOf(sent), expected);
  };
}

function shareFor<T>(milliseconds: number, read: () => Promise<T>): () => Promise<T> {
  let latest: { readonly value: Promise<T>; until: number } | undefined;
  return () => {
    if (latest === undefined || performance.now() >= latest.until) {
      const next = { value: read(), until: Number.POSITIVE_INFINITY };
      latest = next;
      const settle = () => {
        next.until = performance.now() + milliseconds;
      };
      next.value.then(settle, settle);
    }
    return latest.value;
  };
}
