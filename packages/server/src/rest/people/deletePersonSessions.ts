import type { ConsoleSessionStore } from '../../store/ports/people/console-sessions.ts';
import type { PersonStore } from '../../store/ports/people/people.ts';
import { operation, type Services } from '../frame/operation.ts';
import { manageablePerson } from './owned-person.ts';
import { PersonParams } from './person.ts';

export const deletePersonSessions = operation({
  operationId: 'deletePersonSessions',
  method: 'DELETE',
  url: '/api/v1/esim/people/:personId/sessions',
  summary: 'End all sessions of a person. Other servers accept them for two more seconds at most',
  permissions: ['admin'],
  params: PersonParams,
  answers: {
    204: { description: 'The person is signed out everywhere' },
    404: { description: 'The account has no such person', code: 'person_not_found' },
  },
  respond: async (services: Services<PersonStore & ConsoleSessionStore>, call, reply) => {
    const { id } = await manageablePerson(services, call, call.params.personId);
    await services.sessions.endAllOf({ person: id });
    reply.status(204);
  },
});
