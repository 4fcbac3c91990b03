import { Type } from '@sinclair/typebox';
import { extending, named } from '../../shapes/shape.ts';
import type { PasskeyStore } from '../../store/ports/people/passkeys.ts';
import { operation, type Services } from '../frame/operation.ts';
import { newChallenge, PasskeyChallenge } from './challenge.ts';
import { mustBeFresh, mustBePerson } from './passkey.ts';
import { mustHaveRelyingParty } from './relying-party.ts';

const PasskeyUser = named(
  'PasskeyUser',
  Type.Object(
    {
      id: Type.String({ description: 'A handle of the person for the device. In base64url' }),
      name: Type.String({ description: 'The e-mail address' }),
      display_name: Type.String({ description: 'What others call the person' }),
    },
    { description: 'For whom the passkey is' },
  ),
);

const NewPasskeyChallenge = Type.Object(
  {
    ...PasskeyChallenge.properties,
    user: PasskeyUser,
    exclude: Type.Array(Type.String(), {
      description: 'The credentials that the person has: their devices need no other one. In base64url',
    }),
  },
  {
    ...extending(PasskeyChallenge),
    $id: 'NewPasskeyChallenge',
    description: 'What a browser needs to create a passkey',
  },
);

export const createPasskeyChallenge = operation({
  operationId: 'createPasskeyChallenge',
  method: 'POST',
  url: '/api/v1/esim/passkeys/challenge',
  summary: 'Begin to create a passkey of your own; the challenge works once, for five minutes',
  permissions: [],
  answers: {
    201: { description: 'The challenge', schema: NewPasskeyChallenge },
    403: { description: 'You signed in more than 15 minutes ago', code: 'sign_in_again' },
    409: { description: 'The request is not by the session of a person', code: 'no_session' },
    503: { description: 'Too many people are signing in', code: 'busy' },
  },
  targets: ({ session }) => [session?.person?.id],
  respond: async ({ store, sessions }: Services<PasskeyStore>, { session, env: { random } }, reply) => {
    const { id: person, email, name } = mustBePerson(session);
    const party = mustHaveRelyingParty(sessions, reply.request);
    const now = Math.floor(sessions.now() / 1000);
    mustBeFresh(session, now);
    const known = await store.passkeysOf(person);
    const challenge = await newChallenge(store, party, { random, now, person });
    reply.status(201);
    return {
      ...challenge,
      user: { id: Buffer.from(person).toString('base64url'), name: email, display_name: name },
      exclude: known.map(({ credentialId }) => Buffer.from(credentialId).toString('base64url')),
    };
  },
});
