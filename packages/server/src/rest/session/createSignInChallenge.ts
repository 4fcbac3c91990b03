import { clientAddressOf } from '../../limits/client-address.ts';
import { limitNameOf } from '../../limits/ip-address.ts';
import { noNetworks } from '../../limits/networks.ts';
import type { PasskeyStore } from '../../store/ports/people/passkeys.ts';
import { operation, type Services } from '../frame/operation.ts';
import { HttpProblem } from '../frame/problem.ts';
import { newChallenge, PasskeyChallenge } from '../passkeys/challenge.ts';
import { mustHaveRelyingParty } from '../passkeys/relying-party.ts';

export const createSignInChallenge = operation({
  operationId: 'createSignInChallenge',
  method: 'POST',
  url: '/api/v1/esim/session/challenge',
  summary: 'Begin to sign in with a passkey; the challenge works once, for five minutes',
  open: true,
  permissions: [],
  answers: {
    201: { description: 'The challenge', schema: PasskeyChallenge },
    409: { description: 'The server has no passkeys', code: 'passkeys_not_configured' },
    429: { description: 'The address asks too often', code: 'rate_limited' },
    503: { description: 'Too many people are signing in', code: 'busy' },
  },
  respond: async ({ store, sessions, limits }: Services<PasskeyStore>, { env: { random } }, reply) => {
    const party = mustHaveRelyingParty(sessions, reply.request);
    const address = clientAddressOf(reply.request.raw, limits?.proxies ?? noNetworks);
    const seconds = sessions.challenges.take(limitNameOf(address), sessions.now());
    if (seconds > 0)
      throw new HttpProblem(
        429,
        'rate_limited',
        `this address asks too often: try again in ${seconds} seconds`,
        undefined,
        seconds,
      );
    reply.status(201);
    return newChallenge(store, party, { random, now: Math.floor(sessions.now() / 1000) });
  },
});
