import { type Static, Type } from '@sinclair/typebox';
import { closed, inWords } from '../../shapes/shape.ts';
import { Time, timeOfSeconds } from '../../shapes/time.ts';
import type { Passkey as StoredPasskey } from '../../store/ports/people/passkeys.ts';
import type { CallerSession } from '../frame/authenticate.ts';
import { HttpProblem } from '../frame/problem.ts';

const PASSKEY_ID = 'passkey-0c7be1f2a9d34568';

export const PasskeyId = Type.String({
  pattern: '^passkey-[0-9a-f]{16}$',
  ...inWords('the id of a passkey: passkey- and 16 hexadecimal digits in lower case'),
  description: 'The id of a passkey',
  examples: [PASSKEY_ID],
});

export const PasskeyParams = Type.Object({ passkeyId: PasskeyId }, closed);

const passkeyExample = {
  id: PASSKEY_ID,
  name: 'Laptop',
  created_at: '2026-03-02T08:01:00Z',
  last_used_at: '2026-03-05T07:30:00Z',
};

export const Passkey = Type.Object(
  {
    id: Type.String({ description: 'passkey- and 16 hexadecimal digits' }),
    name: Type.String({ description: 'The name that the person chose' }),
    created_at: Time('When it was created'),
    last_used_at: Type.Optional(Time('When somebody signed in with it last; absent: never')),
  },
  { $id: 'Passkey', description: 'A passkey, with which a person signs in', examples: [passkeyExample] },
);
type Passkey = Static<typeof Passkey>;

export const ListPasskeysResponse = Type.Object(
  { passkeys: Type.Array(Passkey, { description: 'The passkeys, the oldest first' }) },
  { $id: 'ListPasskeysResponse', description: 'The passkeys of a person' },
);

export function passkeyResponse({ id, name, createdAt, usedAt }: StoredPasskey): Passkey {
  return {
    id,
    name,
    created_at: timeOfSeconds(createdAt),
    ...(usedAt !== undefined && { last_used_at: timeOfSeconds(usedAt) }),
  };
}

export function noSuchPasskey(id: string): HttpProblem {
  return new HttpProblem(404, 'passkey_not_found', `there is no passkey ${id}`);
}

/** The person who has signed in. Throws 409 for keys and for sessions of keys. */
export function mustBePerson(session: CallerSession | undefined): NonNullable<CallerSession['person']> {
  if (session?.person !== undefined) return session.person;
  throw new HttpProblem(409, 'no_session', 'only a person who has signed in has passkeys');
}

/** How long after signing in a person can create passkeys: a browser that somebody left open must not give lasting access. */
const FRESH_SECONDS = 900;

/** Throws 403 unless the person has signed in a short time ago. `now`: Unix seconds. */
export function mustBeFresh(session: CallerSession | undefined, now: number): void {
  if (session !== undefined && session.createdAt + FRESH_SECONDS > now) return;
  throw new HttpProblem(
    403,
    'sign_in_again',
    `you signed in more than ${FRESH_SECONDS / 60} minutes ago: sign in again to create a passkey`,
  );
}
