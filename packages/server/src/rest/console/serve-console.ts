import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { codedFor, isKnown } from '../../http/coded-file.ts';
import { pathOf } from '../../http/target.ts';
import type { ConsoleFile, ConsoleFiles } from './console-files.ts';

/** Where the console is. */
export const CONSOLE = '/console';

/** Scripts, styles and fonts of this server only; no script in the page itself; no other page may show it in a frame. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** Adds the console: its files, and index.html for every other path below /console, where the console itself finds out what to show. */
export function serveConsole(app: FastifyInstance, files: ConsoleFiles, options: object): void {
  const index = files.get('/index.html') as ConsoleFile;
  const answer = (request: FastifyRequest, reply: FastifyReply) => {
    const path = pathOf(request.url).slice(CONSOLE.length);
    const file = files.get(path);
    if (file === undefined && path.startsWith('/assets/')) return reply.callNotFound(); // of an earlier version
    return send(request, reply, file ?? index);
  };
  app.get(CONSOLE, options, answer);
  app.get(`${CONSOLE}/*`, options, answer);
}

function send({ headers }: FastifyRequest, reply: FastifyReply, file: ConsoleFile): FastifyReply {
  const coded = codedFor(headers['accept-encoding'], file.codings);
  const { coding, etag, body } = coded;
  reply.removeHeader('access-control-allow-origin');
  reply.removeHeader('access-control-expose-headers');
  reply.headers({
    'cache-control': file.isHashed ? 'public, max-age=31536000, immutable' : 'no-store',
    'content-security-policy': POLICY,
    'cross-origin-opener-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    vary: 'accept-encoding',
    etag,
    ...(coding !== 'identity' && { 'content-encoding': coding }),
  });
  if (isKnown(headers['if-none-match'], coded)) return reply.status(304).send();
  return reply.type(file.type).send(body);
}

/** Whether a browser asks for a page, and not a program for data. */
export function wantsPage({ headers }: Pick<FastifyRequest, 'headers'>): boolean {
  return headers.accept?.includes('text/html') === true;
}
