import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { DOC_ROUTES, docFileAt } from '../../docs/doc-files.ts';
import { codedFor, isKnown } from '../../http/coded-file.ts';
import { pathOf } from '../../http/target.ts';

/** Adds the documentation: the API reference, the guides, and what they load. It needs no key. */
export function serveDocs(app: FastifyInstance, options: object): void {
  for (const route of DOC_ROUTES) app.get(route, options, answer);
}

async function answer(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const file = await docFileAt(pathOf(request.url));
  if (file === undefined) {
    reply.callNotFound();
    return reply;
  }
  const { headers } = request;
  const coded = codedFor(headers['accept-encoding'], file.codings);
  reply.headers({
    'cache-control': file.isHashed ? 'public, max-age=31536000, immutable' : 'no-cache',
    'content-security-policy': file.policy,
    'cross-origin-opener-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    vary: 'accept-encoding',
    etag: coded.etag,
    ...(coded.coding !== 'identity' && { 'content-encoding': coded.coding }),
  });
  if (isKnown(headers['if-none-match'], coded)) return reply.status(304).send();
  return reply.type(file.type).send(coded.body);
}
