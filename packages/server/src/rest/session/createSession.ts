import { Type } from '@sinclair/typebox';
import { clientAddressOf } from '../../limits/client-address.ts';
import { limitNameOf } from '../../limits/ip-address.ts';
import { noNetworks } from '../../limits/networks.ts';
import { closed, named } from '../../shapes/shape.ts';
import type { AuditStore } from '../../store/ports/audit.ts';
import { operation, type Services } from '../frame/operation.ts';
import { HttpProblem } from '../frame/problem.ts';
import { foreignPage } from '../frame/session/own-origin.ts';
import { octets } from '../passkeys/challenge.ts';
import { relyingPartyOf } from '../passkeys/relying-party.ts';
import { busyIfTooMany, NewPassword, tooManyAttempts } from './password.ts';
import { type ProofStore, proofIn } from './proof.ts';
import { Session, sessionExample, sessionResponse } from './session.ts';
import { auditRefusedSignIn, auditSignIn } from './sign-in-audit.ts';

const PasskeyAssertion = named(
  'PasskeyAssertion',
  Type.Object(
    {
      credential_id: octets(1400, 'id of the credential'),
      client_data: octets(4096, 'clientDataJSON'),
      authenticator_data: octets(4096, 'authenticatorData'),
      signature: octets(2048, 'signature'),
    },
    {
      ...closed,
      description:
        'Instead of a key: what navigator.credentials.get gave the browser (WebAuthn) for a challenge of createSignInChallenge',
    },
  ),
);

const CreateSessionRequest = Type.Object(
  {
    account_id: Type.Optional(Type.String({ minLength: 1, maxLength: 256, description: 'The account' })),
    api_key: Type.Optional(
      Type.String({ minLength: 1, maxLength: 512, description: 'A key of the account' }),
    ),
    ticket: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 128,
        description:
          'Instead of a key: what is after # in a link to the console, or in an invitation. It works once',
      }),
    ),
    email: Type.Optional(
      Type.String({
        minLength: 3,
        maxLength: 254,
        description: 'Instead of a key: the e-mail address of a person, with password',
      }),
    ),
    password: Type.Optional(NewPassword),
    passkey: Type.Optional(PasskeyAssertion),
  },
  {
    ...closed,
    $id: 'CreateSessionRequest',
    description:
      'How somebody signs in: with account_id and api_key, with a ticket, with the ticket of an invitation and the password that they choose, with email and password (and account_id, if the address is in several accounts), or with a passkey',
    examples: [{ account_id: 'user-demo', api_key: 'esk_0123456789abcdefghijklmnopqrstuv' }],
  },
);

type SessionStore = ProofStore & AuditStore;

export const createSession = operation({
  operationId: 'createSession',
  method: 'POST',
  url: '/api/v1/esim/session',
  summary: 'Sign in: sets a cookie that the other operations accept instead of a key',
  open: true,
  permissions: [],
  body: CreateSessionRequest,
  answers: {
    201: {
      description: 'Who has signed in; the cookie is in Set-Cookie',
      schema: Session,
      example: sessionExample,
    },
    400: { description: 'The body has no way to sign in, or several' },
    401: { description: 'The key, the ticket or the password is not valid', code: 'unauthorized' },
    403: { description: 'A page of another site sent the request', code: 'foreign_origin' },
    429: {
      description: 'The address, or others for this account, tried wrong keys too often',
      code: 'rate_limited',
    },
    503: { description: 'Too many passwords are being checked', code: 'busy' },
  },
  respond: async (services: Services<SessionStore>, { body, env: { random } }, reply) => {
    const { sessions, limits, store } = services;
    const { request } = reply;
    const foreign = foreignPage(request.headers, sessions.isTls(request));
    if (foreign !== undefined) throw foreign;
    const proof = proofIn(store, body, {
      now: Math.floor(sessions.now() / 1000),
      party: relyingPartyOf(sessions, request),
    });
    const address = clientAddressOf(request.raw, limits?.proxies ?? noNetworks);
    const attempt = await sessions.attempts.begin(limitNameOf(address), proof.who, sessions.now());
    if (typeof attempt === 'number') throw tooManyAttempts(attempt);
    const signedIn = await proof.find().catch(busyIfTooMany);
    if (signedIn === undefined) {
      const account = await knownAccount(store, proof.account);
      await auditRefusedSignIn(services, request, address, account);
      throw new HttpProblem(401, 'unauthorized', proof.wrong);
    }
    await attempt.succeed();
    const caller = await sessions.begin({ signedIn, address, random }, request, reply);
    await auditSignIn(services, request, address, caller);
    reply.status(201);
    return sessionResponse(services, caller);
  },
});

/** The account that was claimed, if it has ever had a key. */
async function knownAccount(store: SessionStore, who: string | undefined): Promise<string> {
  return who !== undefined && (await store.apiKeys(who)).length > 0 ? who : '';
}
