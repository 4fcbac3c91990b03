import { Type } from '@sinclair/typebox';
import { closed } from '../../shapes/shape.ts';
import type { PasskeyStore } from '../../store/ports/people/passkeys.ts';
import type { PersonStore } from '../../store/ports/people/people.ts';
import { operation, type Services } from '../frame/operation.ts';
import { manageablePerson } from '../people/owned-person.ts';
import { PersonParams } from '../people/person.ts';
import { mustBePerson, noSuchPasskey, PasskeyId, PasskeyParams } from './passkey.ts';

export const deletePasskey = operation({
  operationId: 'deletePasskey',
  method: 'DELETE',
  url: '/api/v1/esim/passkeys/:passkeyId',
  summary: 'Delete a passkey of your own, such as that of a lost device; ends your other sessions',
  permissions: [],
  params: PasskeyParams,
  answers: {
    204: { description: 'The passkey is deleted' },
    404: { description: 'You have no such passkey', code: 'passkey_not_found' },
    409: { description: 'The request is not by the session of a person', code: 'no_session' },
  },
  respond: async ({ store, sessions }: Services<PasskeyStore>, { session, params }, reply) => {
    const { id: person } = mustBePerson(session);
    const { passkeyId: id } = params;
    if (!(await store.deletePasskey(person, id, session?.id))) throw noSuchPasskey(id);
    sessions.forget();
    reply.status(204);
  },
});

export const deletePersonPasskey = operation({
  operationId: 'deletePersonPasskey',
  method: 'DELETE',
  url: '/api/v1/esim/people/:personId/passkeys/:passkeyId',
  summary: 'Delete a passkey of a person; ends the sessions of the person',
  permissions: ['admin'],
  params: Type.Object({ ...PersonParams.properties, passkeyId: PasskeyId }, closed),
  answers: {
    204: { description: 'The passkey is deleted' },
    404: {
      description: 'The account has no such person, or the person no such passkey',
      code: 'passkey_not_found',
    },
  },
  respond: async (services: Services<PasskeyStore & PersonStore>, call, reply) => {
    const { personId, passkeyId: id } = call.params;
    const { id: person } = await manageablePerson(services, call, personId);
    if (!(await services.store.deletePasskey(person, id))) throw noSuchPasskey(id);
    services.sessions.forget();
    reply.status(204);
  },
});
