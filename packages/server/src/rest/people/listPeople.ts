import { Type } from '@sinclair/typebox';
import type { PersonStore } from '../../store/ports/people/people.ts';
import { operation, type Services } from '../frame/operation.ts';
import { Person, personResponse } from './person.ts';

const ListPeopleResponse = Type.Object(
  { people: Type.Array(Person, { description: 'The people, by e-mail address' }) },
  { $id: 'ListPeopleResponse', description: 'The people of the account' },
);

export const listPeople = operation({
  operationId: 'listPeople',
  method: 'GET',
  url: '/api/v1/esim/people',
  summary: 'List the people who sign in to the console of the account',
  permissions: ['admin'],
  answers: { 200: { description: 'The people', schema: ListPeopleResponse } },
  respond: async ({ store }: Services<PersonStore>, { account }) => ({
    people: (await store.people(account)).map(personResponse),
  }),
});
