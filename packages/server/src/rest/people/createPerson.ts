import { Type } from '@sinclair/typebox';
import { generatePersonId, newInvitation } from '../../accounts/invitations.ts';
import { closed } from '../../shapes/shape.ts';
import { MOST_PEOPLE, type PersonStore } from '../../store/ports/people/people.ts';
import { roles } from '../../store/ports/permissions.ts';
import { mustOwn } from '../account/api-key.ts';
import { operation, type Services } from '../frame/operation.ts';
import { HttpProblem } from '../frame/problem.ts';
import { Email, InvitedPerson, invitationResponse, Name, PersonRole, personResponse } from './person.ts';

const CreatePersonRequest = Type.Object(
  { name: Name, email: Email, role: PersonRole },
  {
    ...closed,
    $id: 'CreatePersonRequest',
    description: 'A person to invite',
    examples: [{ name: 'Ada Lovelace', email: 'ada@example.com', role: 'support' }],
  },
);

export const createPerson = operation({
  operationId: 'createPerson',
  method: 'POST',
  url: '/api/v1/esim/people',
  summary: 'Invite a person; the invitation is shown once',
  permissions: ['admin'],
  body: CreatePersonRequest,
  answers: {
    201: { description: 'The person, and the invitation', schema: InvitedPerson },
    409: { description: 'The account has somebody with this e-mail address', code: 'person_exists' },
  },
  targets: (_asked, { id }) => [id],
  respond: async ({ store, sessions }: Services<PersonStore>, call, reply) => {
    const { account, permissions, env, body } = call;
    const { name, role } = body;
    mustOwn(permissions, roles[role]);
    const now = Math.floor(sessions.now() / 1000);
    const id = generatePersonId(env.random);
    const person = { id, account, email: body.email.toLowerCase(), name, role, createdAt: now };
    const invitation = newInvitation(person, { random: env.random, now });
    const outcome = await store.addPerson(person, invitation.stored);
    if (outcome === 'exists')
      throw new HttpProblem(
        409,
        'person_exists',
        `the account has somebody with the address ${person.email}: change their role, or invite them again`,
      );
    if (outcome === 'full')
      throw new HttpProblem(
        409,
        'too_many_people',
        `the account has ${MOST_PEOPLE} people: delete some first`,
      );
    reply.status(201);
    return { ...personResponse(person), invitation: invitationResponse(invitation) };
  },
  ifLost: 'the link of the invitation was shown once: invite this person again',
});
