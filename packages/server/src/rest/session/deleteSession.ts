import { operation, type Services } from '../frame/operation.ts';
import { HttpProblem } from '../frame/problem.ts';

export const deleteSession = operation({
  operationId: 'deleteSession',
  method: 'DELETE',
  url: '/api/v1/esim/session',
  summary: 'Sign out: ends the session of the cookie. Other servers accept it for two more seconds at most',
  permissions: [],
  answers: {
    204: { description: 'The session has ended, and the cookie is deleted' },
    403: { description: 'No page of this server sent the request', code: 'foreign_origin' },
    409: { description: 'The request has a key and no session', code: 'no_session' },
  },
  targets: ({ session }) => [session?.id],
  respond: async ({ sessions }: Services<unknown>, { session }, reply) => {
    if (session === undefined)
      throw new HttpProblem(
        409,
        'no_session',
        'this request has a key and no session: there is nothing to end',
      );
    await sessions.end(session, reply.request, reply);
    reply.status(204);
  },
});
