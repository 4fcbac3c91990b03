import { operation, type Services } from '../frame/operation.ts';
import { ownerOf } from './owner.ts';

export const deleteSessions = operation({
  operationId: 'deleteSessions',
  method: 'DELETE',
  url: '/api/v1/esim/sessions',
  summary:
    'Sign out everywhere: ends all sessions of the person, or of the key. Other servers accept them for two more seconds at most',
  permissions: [],
  answers: {
    204: { description: 'The sessions have ended' },
    403: { description: 'No page of this server sent the request', code: 'foreign_origin' },
  },
  targets: ({ session, keyId }) => [session?.id ?? keyId],
  respond: async ({ sessions }: Services<unknown>, call, reply) => {
    await sessions.endAllOf(ownerOf(call));
    if (call.session !== undefined) await sessions.end(call.session, reply.request, reply);
    reply.status(204);
  },
});
