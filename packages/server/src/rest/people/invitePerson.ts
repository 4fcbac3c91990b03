import { invite } from '../../accounts/invitations.ts';
import type { PersonStore } from '../../store/ports/people/people.ts';
import { operation, type Services } from '../frame/operation.ts';
import { manageablePerson } from './owned-person.ts';
import { InvitedPerson, invitationResponse, noSuchPerson, PersonParams, personResponse } from './person.ts';

export const invitePerson = operation({
  operationId: 'invitePerson',
  method: 'POST',
  url: '/api/v1/esim/people/:personId/invitation',
  summary: 'Invite a person again, also to choose a new password; earlier invitations end',
  permissions: ['admin'],
  params: PersonParams,
  answers: {
    201: { description: 'The person, and the invitation', schema: InvitedPerson },
    404: { description: 'The account has no such person', code: 'person_not_found' },
  },
  respond: async (services: Services<PersonStore>, call, reply) => {
    const { store, sessions } = services;
    const person = await manageablePerson(services, call, call.params.personId);
    const now = Math.floor(sessions.now() / 1000);
    const invitation = await invite(store, person, { random: call.env.random, now });
    if (invitation === undefined) throw noSuchPerson(person.id);
    reply.status(201);
    return { ...personResponse(person), invitation: invitationResponse(invitation) };
  },
  ifLost:
    'the link of the invitation was shown once: invite this person again with a new Idempotency-Key, which ends the earlier link',
});
