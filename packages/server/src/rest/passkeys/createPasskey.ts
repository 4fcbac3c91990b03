import { toHex } from '@esim-rsp/codec';
import { Type } from '@sinclair/typebox';
import { closed, inWords } from '../../shapes/shape.ts';
import { MOST_PASSKEYS, type PasskeyStore } from '../../store/ports/people/passkeys.ts';
import { operation, type Services } from '../frame/operation.ts';
import { HttpProblem } from '../frame/problem.ts';
import { Name } from '../people/person.ts';
import { octets } from './challenge.ts';
import { mustBeFresh, mustBePerson, Passkey, passkeyResponse } from './passkey.ts';
import { mustHaveRelyingParty } from './relying-party.ts';
import { verifyAttestation } from './verify.ts';

const CreatePasskeyRequest = Type.Object(
  {
    name: { ...Name, description: 'A name for it, such as that of the device', examples: ['Laptop'] },
    credential_id: octets(1400, 'id of the credential'),
    client_data: octets(4096, 'clientDataJSON'),
    attestation_object: octets(8192, 'attestationObject'),
    transports: Type.Optional(
      Type.Array(Type.String({ pattern: '^[a-z-]{1,20}$', ...inWords('1 to 20 lower-case letters') }), {
        maxItems: 8,
        description: 'How the browser reaches the device',
      }),
    ),
  },
  {
    ...closed,
    $id: 'CreatePasskeyRequest',
    description: 'What navigator.credentials.create gave the browser (WebAuthn), and a name',
    examples: [
      {
        name: 'Laptop',
        credential_id: 'VGhlIGlkIG9mIGEgY3JlZGVudGlhbA',
        client_data: 'eyJ0eXBlIjoid2ViYXV0aG4uY3JlYXRlIn0',
        attestation_object: 'o2NmbXRkbm9uZWdhdHRTdG10oGhhdXRoRGF0YVg',
      },
    ],
  },
);

export const createPasskey = operation({
  operationId: 'createPasskey',
  method: 'POST',
  url: '/api/v1/esim/passkeys',
  summary: 'Create a passkey of your own, which signs in from then on',
  permissions: [],
  body: CreatePasskeyRequest,
  answers: {
    201: { description: 'The passkey', schema: Passkey },
    400: {
      description:
        'The challenge was used, has ended or is another one, or the device did not verify the user',
    },
    403: { description: 'You signed in more than 15 minutes ago', code: 'sign_in_again' },
    409: { description: 'The request is not by the session of a person', code: 'no_session' },
  },
  targets: ({ session }, { id }) => [session?.person?.id, id],
  respond: async ({ store, sessions }: Services<PasskeyStore>, call, reply) => {
    const { account, session, env, body } = call;
    const { id: person } = mustBePerson(session);
    const party = mustHaveRelyingParty(sessions, reply.request);
    const now = Math.floor(sessions.now() / 1000);
    mustBeFresh(session, now);
    const { name, transports = [] } = body;
    const verified = await verifyAttestation(body, party, { store, person, now });
    if (verified === undefined)
      throw new HttpProblem(
        400,
        'passkey_refused',
        'the passkey cannot be used: begin again, and let the device ask for your fingerprint, face or PIN',
      );
    const id = `passkey-${toHex(env.random(8))}`;
    const passkey = { id, account, person, rpId: party.id, name, transports, createdAt: now, ...verified };
    const outcome = await store.addPasskey(passkey);
    if (outcome === 'exists') throw new HttpProblem(409, 'passkey_exists', 'this passkey exists already');
    if (outcome === 'full')
      throw new HttpProblem(
        409,
        'too_many_passkeys',
        `you have ${MOST_PASSKEYS} passkeys: delete some first`,
      );
    reply.status(201);
    return passkeyResponse(passkey);
  },
});
