import { type Static, Type } from '@sinclair/typebox';
import { invitationPath } from '../../accounts/invitations.ts';
import { closed, extending, inWords, literals, named } from '../../shapes/shape.ts';
import { Time, timeOfSeconds } from '../../shapes/time.ts';
import { UNSEEN } from '../../shapes/unseen.ts';
import type { Person as StoredPerson } from '../../store/ports/people/people.ts';
import { type Role, roles } from '../../store/ports/permissions.ts';
import { HttpProblem } from '../frame/problem.ts';

const roleNames = Object.keys(roles) as [Role, ...Role[]];

export const PersonRole = named(
  'PersonRole',
  literals(
    roleNames,
    `What a person may do: ${roleNames.map((name) => `${name} is ${roles[name].join(', ')}`).join('; ')}`,
  ),
);

export const PERSON_ID = 'person-5d1c9a72f04be138';

export const PersonParams = Type.Object(
  {
    personId: Type.String({
      pattern: '^person-[0-9a-f]{16}$',
      ...inWords('the id of a person: person- and 16 hexadecimal digits in lower case'),
      description: 'The id of a person',
      examples: [PERSON_ID],
    }),
  },
  closed,
);

/** Members that requests set. */
export const Name = Type.String({
  pattern: `^[^${UNSEEN}]{1,100}$`,
  ...inWords('1 to 100 characters on one line'),
  description: 'What others call the person',
  examples: ['Ada Lovelace'],
});
export const Email = Type.String({
  maxLength: 254,
  pattern: `^[^\\s@${UNSEEN}]{1,64}@[^\\s@${UNSEEN}]{1,189}$`,
  ...inWords('an e-mail address, such as ada@example.com'),
  description: 'The e-mail address, with which the person signs in. Upper and lower case are the same',
  examples: ['ada@example.com'],
});

const personExample = {
  id: PERSON_ID,
  name: 'Ada Lovelace',
  email: 'ada@example.com',
  role: 'support',
  state: 'active',
  created_at: '2026-03-01T10:00:00Z',
  signed_in_at: '2026-03-02T08:00:00Z',
};

export const Person = Type.Object(
  {
    id: Type.String({ description: 'person- and 16 hexadecimal digits' }),
    name: Type.String({ description: 'What others call the person' }),
    email: Type.String({ description: 'The e-mail address, in lower case' }),
    role: PersonRole,
    state: literals(
      ['invited', 'active', 'disabled'] as const,
      'invited: has no password yet; active: can sign in; disabled: cannot',
    ),
    created_at: Time('When the person was invited first'),
    signed_in_at: Type.Optional(Time('The last time that the person signed in; absent: never')),
  },
  { $id: 'Person', description: 'Somebody who signs in to the console', examples: [personExample] },
);
export type Person = Static<typeof Person>;

const Invitation = named(
  'Invitation',
  Type.Object(
    {
      ticket: Type.String({ description: 'With it, and a password, the person signs in for the first time' }),
      path: Type.String({ description: 'The page of the console that takes the ticket, with it' }),
      expires_at: Time('When the invitation ends'),
    },
    { description: 'An invitation that works once. It is shown once: send it to the person' },
  ),
);

const invitationExample = {
  ticket: 'mN0QbIZ6zA1yXw2vUt3sRq4pOn5mLk6jIh7gFe8dCb9',
  path: '/console/accept#mN0QbIZ6zA1yXw2vUt3sRq4pOn5mLk6jIh7gFe8dCb9',
  expires_at: '2026-03-04T10:00:00Z',
};

export const InvitedPerson = Type.Object(
  { ...Person.properties, invitation: Invitation },
  {
    ...extending(Person),
    $id: 'InvitedPerson',
    description: 'A person, and an invitation to sign in',
    examples: [{ ...personExample, state: 'invited', invitation: invitationExample }],
  },
);

export function personResponse(person: StoredPerson): Person {
  const { id, name, email, role, createdAt, passwordHash, disabledAt, signedInAt } = person;
  const canSignIn = passwordHash !== undefined || signedInAt !== undefined;
  return {
    id,
    name,
    email,
    role,
    state: disabledAt !== undefined ? 'disabled' : canSignIn ? 'active' : 'invited',
    created_at: timeOfSeconds(createdAt),
    ...(signedInAt !== undefined && { signed_in_at: timeOfSeconds(signedInAt) }),
  };
}

export function invitationResponse({ ticket, endsAt }: { readonly ticket: string; readonly endsAt: number }) {
  return { ticket, path: invitationPath(ticket), expires_at: timeOfSeconds(endsAt) };
}

export function noSuchPerson(id: string): HttpProblem {
  return new HttpProblem(404, 'person_not_found', `there is no person ${id}`);
}

/** Those who manage people cannot lock themselves out. */
export function mustBeAnother(keyId: string, id: string): void {
  if (keyId === id)
    throw new HttpProblem(
      409,
      'own_person',
      'this is you: another person or a key with the permission admin can change your role or end your access',
    );
}
