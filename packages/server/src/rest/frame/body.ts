import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ACCEPTED_CODINGS, codingOf, decodeBody } from '../../http/content-coding.ts';
import { sendContinue, waitsToContinue } from '../../http/expectations.ts';
import { refuseExcess } from '../../limits/bounded-json.ts';
import { HttpProblem } from './problem.ts';

/** Reads bodies: unpacked, of JSON that is not so deep or wide that this would take long, with or without a byte order mark, and empty ones of any media type. */
export function readBodies(app: FastifyInstance): void {
  app.addHook('onRequest', forgetTypeOfNothing);
  app.addHook('preParsing', unpack);
  app.removeAllContentTypeParsers();
  const parse = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    if (body.length === 0 || request.is404) return done(null, null);
    if (!/^application\/json\s*(;|$)/i.test(request.headers['content-type'] ?? ''))
      return done(unsupported('send the body as Content-Type: application/json'));
    const text = body.toString('utf8').replace(/^\ufeff/, '');
    try {
      refuseExcess(text);
    } catch {
      return done(new HttpProblem(400, 'invalid_json', 'the body has too many levels or values'));
    }
    parse(request, text, done);
  });
}

/** A body of no octets has no media type, whatever its header says. A body that is read as it comes is its operation's own. */
function forgetTypeOfNothing(request: FastifyRequest, _reply: FastifyReply, done: () => void): void {
  const { headers } = request;
  const { 'content-type': type, 'content-length': length = '0', 'transfer-encoding': chunked } = headers;
  if (type !== undefined && length === '0' && chunked === undefined && isRead(request))
    delete headers['content-type'];
  done();
}

/** Whether the body is read before the operation is called. Fastify copies all options of a route for this question. */
function isRead({ routeOptions }: FastifyRequest): boolean {
  return (routeOptions.schema as { body?: unknown } | undefined)?.body !== undefined;
}

/** Asks a client that waits for it for the body, and removes its Content-Encoding. */
function unpack(
  request: FastifyRequest,
  reply: FastifyReply,
  body: Readable,
  done: (error: Error | null, body?: Readable) => void,
): void {
  if (waitsToContinue(reply.raw) && isShortEnough(request)) sendContinue(reply.raw);
  const coding = codingOf(request.raw);
  const read = coding === undefined || request.is404 ? body : decodeBody(body, coding);
  if (read !== undefined) done(null, read);
  else {
    reply.header('accept-encoding', ACCEPTED_CODINGS);
    const advice = `send the body as it is, or with one of ${ACCEPTED_CODINGS}`;
    done(unsupported(`the body has the Content-Encoding ${coding}, which is not supported: ${advice}`));
  }
}

function isShortEnough({ headers, routeOptions }: FastifyRequest): boolean {
  return Number(headers['content-length'] ?? 0) <= (routeOptions.bodyLimit ?? 0);
}

function unsupported(detail: string): HttpProblem {
  return new HttpProblem(415, 'unsupported_media_type', detail);
}
