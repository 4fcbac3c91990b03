import { Type } from '@sinclair/typebox';
import { closed } from '../../shapes/shape.ts';
import type { PersonStore, Person as StoredPerson } from '../../store/ports/people/people.ts';
import { roles } from '../../store/ports/permissions.ts';
import { mustOwn } from '../account/api-key.ts';
import { operation, type Services } from '../frame/operation.ts';
import { manageablePerson } from './owned-person.ts';
import {
  mustBeAnother,
  Name,
  noSuchPerson,
  Person,
  PersonParams,
  PersonRole,
  personResponse,
} from './person.ts';

const UpdatePersonRequest = Type.Object(
  {
    name: Type.Optional(Name),
    role: Type.Optional(PersonRole),
    disabled: Type.Optional(Type.Boolean({ description: 'Whether the person can no longer sign in' })),
  },
  {
    ...closed,
    minProperties: 1,
    $id: 'UpdatePersonRequest',
    description: 'What to change of a person',
    examples: [{ role: 'operator' }],
  },
);

export const updatePerson = operation({
  operationId: 'updatePerson',
  method: 'PATCH',
  url: '/api/v1/esim/people/:personId',
  summary:
    'Change the name or the role of a person, or whether they can sign in; a change of role or access ends their sessions',
  permissions: ['admin'],
  params: PersonParams,
  body: UpdatePersonRequest,
  answers: {
    200: { description: 'The person', schema: Person },
    404: { description: 'The account has no such person', code: 'person_not_found' },
    409: { description: 'It is the caller’s own role or access', code: 'own_person' },
  },
  respond: async (services: Services<PersonStore>, call) => {
    const { store, sessions } = services;
    const { account, permissions, keyId, params, body } = call;
    const { personId: id } = params;
    const { name, role, disabled } = body;
    const endsAccess = role !== undefined || disabled !== undefined;
    if (endsAccess) mustBeAnother(keyId, id);
    await manageablePerson(services, call, id);
    if (role !== undefined) mustOwn(permissions, roles[role]);
    const now = Math.floor(sessions.now() / 1000);
    const changed = await store.updatePerson(account, id, ({ disabledAt, ...person }): StoredPerson => {
      const since = disabled === undefined ? disabledAt : disabled ? (disabledAt ?? now) : undefined;
      return {
        ...person,
        ...(name !== undefined && { name }),
        ...(role !== undefined && { role }),
        ...(since !== undefined && { disabledAt: since }),
      };
    });
    if (changed === undefined) throw noSuchPerson(id);
    if (endsAccess) sessions.forget();
    return personResponse(changed);
  },
});
