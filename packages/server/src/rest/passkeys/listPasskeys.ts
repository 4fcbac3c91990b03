import type { PasskeyStore } from '../../store/ports/people/passkeys.ts';
import type { PersonStore } from '../../store/ports/people/people.ts';
import { operation, type Services } from '../frame/operation.ts';
import { manageablePerson } from '../people/owned-person.ts';
import { PersonParams } from '../people/person.ts';
import { ListPasskeysResponse, mustBePerson, passkeyResponse } from './passkey.ts';

export const listPasskeys = operation({
  operationId: 'listPasskeys',
  method: 'GET',
  url: '/api/v1/esim/passkeys',
  summary: 'List your own passkeys',
  permissions: [],
  answers: {
    200: { description: 'The passkeys', schema: ListPasskeysResponse },
    409: { description: 'The request is not by the session of a person', code: 'no_session' },
  },
  respond: async ({ store }: Services<PasskeyStore>, { session }) => ({
    passkeys: (await store.passkeysOf(mustBePerson(session).id)).map(passkeyResponse),
  }),
});

export const listPersonPasskeys = operation({
  operationId: 'listPersonPasskeys',
  method: 'GET',
  url: '/api/v1/esim/people/:personId/passkeys',
  summary: 'List the passkeys of a person',
  permissions: ['admin'],
  params: PersonParams,
  answers: {
    200: { description: 'The passkeys', schema: ListPasskeysResponse },
    404: { description: 'The account has no such person', code: 'person_not_found' },
  },
  respond: async (services: Services<PasskeyStore & PersonStore>, call) => {
    const { id } = await manageablePerson(services, call, call.params.personId);
    return { passkeys: (await services.store.passkeysOf(id)).map(passkeyResponse) };
  },
});
