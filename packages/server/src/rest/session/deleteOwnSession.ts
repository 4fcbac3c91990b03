import { Type } from '@sinclair/typebox';
import { closed, inWords } from '../../shapes/shape.ts';
import type { ConsoleSessionStore } from '../../store/ports/people/console-sessions.ts';
import { operation, type Services } from '../frame/operation.ts';
import { HttpProblem } from '../frame/problem.ts';
import { ownerOf } from './owner.ts';

export const deleteOwnSession = operation({
  operationId: 'deleteOwnSession',
  method: 'DELETE',
  url: '/api/v1/esim/sessions/:sessionId',
  summary:
    'End one session of the person, or of the key, such as one on a lost device. Other servers accept it for two more seconds at most',
  permissions: [],
  params: Type.Object(
    {
      sessionId: Type.String({
        pattern: '^[0-9a-f]{16}$',
        ...inWords('the id of a session: 16 hexadecimal digits in lower case'),
        description: 'The id of a session, as listSessions has it',
        examples: ['5d1c9a72f04be138'],
      }),
    },
    closed,
  ),
  answers: {
    204: { description: 'The session has ended' },
    403: { description: 'No page of this server sent the request', code: 'foreign_origin' },
    404: { description: 'The caller has no such session', code: 'session_not_found' },
  },
  respond: async ({ store, sessions }: Services<ConsoleSessionStore>, call, reply) => {
    const { sessionId: id } = call.params;
    const isOwn = (await store.consoleSessionsOf(ownerOf(call))).some((one) => one.id === id);
    if (!isOwn) throw new HttpProblem(404, 'session_not_found', `you have no session ${id}`);
    if (call.session?.id === id) await sessions.end(call.session, reply.request, reply);
    else {
      await store.deleteConsoleSession(id);
      sessions.forget();
    }
    reply.status(204);
  },
});
