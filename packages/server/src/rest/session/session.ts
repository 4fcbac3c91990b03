import { type Static, Type } from '@sinclair/typebox';
import { literals, named } from '../../shapes/shape.ts';
import { Time, timeOfSeconds } from '../../shapes/time.ts';
import { type Role, roleOf, roles, withParts } from '../../store/ports/permissions.ts';
import { ApiKeyPermission } from '../account/api-key.ts';
import type { Caller } from '../frame/authenticate.ts';
import type { Services } from '../frame/operation.ts';

const SessionRole = named(
  'SessionRole',
  literals(
    [...(Object.keys(roles) as Role[]), 'custom'] as const,
    `A name for what somebody may do: ${Object.entries(roles)
      .map(([name, set]) => `${name} is ${set.join(', ')}`)
      .join('; ')}; custom is any other set`,
  ),
);

const SessionPerson = named(
  'SessionPerson',
  Type.Object(
    {
      id: Type.String({ description: 'The id of the person' }),
      name: Type.String({ description: 'What others call the person' }),
      email: Type.String({ description: 'The e-mail address' }),
    },
    { description: 'Who has signed in; absent: the session was started with a key' },
  ),
);

export const sessionExample = {
  account_id: 'user-demo',
  role: 'admin',
  permissions: ['read', 'codes', 'order', 'support', 'admin', 'reveal', 'care'],
  expires_at: '2025-10-16T08:53:20Z',
  demo: true,
  mail: false,
  lab: false,
  sends_mail: true,
};

export const Session = Type.Object(
  {
    account_id: Type.String({ description: 'The account' }),
    person: Type.Optional(SessionPerson),
    role: SessionRole,
    permissions: Type.Array(ApiKeyPermission, {
      description: 'What the caller may do, with what is a part of it: care of order, and reveal of codes',
    }),
    expires_at: Type.Optional(
      Time('When the session ends, however much it is used; absent: the caller has shown a key'),
    ),
    demo: Type.Boolean({ description: 'Whether the server shows demo profiles' }),
    mail: Type.Boolean({ description: 'Whether the server sends mail' }),
    lab: Type.Boolean({ description: 'Whether the server has a virtual phone' }),
    sends_mail: Type.Boolean({ description: 'Whether the server has a mail server' }),
  },
  { $id: 'Session', description: 'Who calls, and what they may do', examples: [sessionExample] },
);
type Session = Static<typeof Session>;

/** Who calls, in an answer. */
export function sessionResponse(
  { sessions, lab, mail }: Services<unknown>,
  { account, permissions, session }: Pick<Caller, 'account' | 'permissions' | 'session'>,
): Session {
  return {
    account_id: account,
    ...(session?.person !== undefined && { person: session.person }),
    role: roleOf(permissions) ?? 'custom',
    permissions: [...withParts(permissions)],
    ...(session !== undefined && { expires_at: timeOfSeconds(session.endsAt) }),
    demo: sessions.isDemo,
    mail: mail !== undefined,
    lab: lab !== undefined,
    sends_mail: mail !== undefined,
  };
}
