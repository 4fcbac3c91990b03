import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { Load } from '../../limits/load.ts';
import { busy } from './problem.ts';

/** The health of the server is answered at once, under any load. */
const AT_ONCE: readonly unknown[] = ['/healthz', '/readyz'];

/** Lets each request wait for its turn, and refuses those that have waited too long. */
export function answerInTurn(app: FastifyInstance, load: Load): void {
  const [answer] = app.server.listeners('request') as RequestListener[];
  app.server.removeAllListeners('request');
  app.server.on('request', (request: IncomingMessage, response: ServerResponse) =>
    AT_ONCE.includes(request.url)
      ? answer?.(request, response)
      : load.whenItsTurn(request, () => answer?.(request, response)),
  );
  app.addHook('onRequest', (request, _reply, done) => done(load.isTooMuch(request.raw) ? busy() : undefined));
}
