import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { HttpProblem } from './problem.ts';
import { takeTime } from './socket-problem.ts';

/** Lets the routes of this part of the application read their bodies, of these media types, as they come. */
export function takeStreams(app: FastifyInstance, types: readonly string[]): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (request, body, done) => {
    const [type = ''] = (request.headers['content-type'] ?? '').toLowerCase().split(';');
    if (types.includes(type.trim())) return done(null, body);
    const wanted = `send the body as Content-Type: ${types.join(', ')}`;
    done(new HttpProblem(415, 'unsupported_media_type', wanted));
  });
  app.addHook('preHandler', (request, reply, done) => {
    reply.raw.once('close', takeTime(request.raw.socket).done);
    done();
  });
}

/** The body as it comes; that of a request without one has ended. */
export function streamOf({ body }: FastifyRequest): Readable {
  return (body as Readable | null | undefined) ?? Readable.from([]);
}
