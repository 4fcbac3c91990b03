import type { PersonStore } from '../../store/ports/people/people.ts';
import { operation, type Services } from '../frame/operation.ts';
import { manageablePerson } from './owned-person.ts';
import { mustBeAnother, noSuchPerson, PersonParams } from './person.ts';

export const deletePerson = operation({
  operationId: 'deletePerson',
  method: 'DELETE',
  url: '/api/v1/esim/people/:personId',
  summary: 'Delete a person and their sessions; the audit log keeps their id',
  permissions: ['admin'],
  params: PersonParams,
  answers: {
    204: { description: 'The person is deleted' },
    404: { description: 'The account has no such person', code: 'person_not_found' },
    409: { description: 'It is the caller', code: 'own_person' },
  },
  respond: async (services: Services<PersonStore>, call, reply) => {
    const { personId: id } = call.params;
    mustBeAnother(call.keyId, id);
    await manageablePerson(services, call, id);
    if (!(await services.store.deletePerson(call.account, id))) throw noSuchPerson(id);
    services.sessions.forget();
    reply.status(204);
  },
});
