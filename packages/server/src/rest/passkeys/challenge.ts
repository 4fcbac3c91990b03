import type { Random } from '@esim-rsp/sgp22/crypto/random';
import { Type } from '@sinclair/typebox';
import { generateToken, tokenHash } from '../../accounts/console-tickets.ts';
import { inWords } from '../../shapes/shape.ts';
import { Time, timeOfSeconds } from '../../shapes/time.ts';
import type { PasskeyStore } from '../../store/ports/people/passkeys.ts';
import { HttpProblem } from '../frame/problem.ts';
import type { RelyingParty } from './relying-party.ts';

/** How long a browser may ask the person for a passkey. */
const CHALLENGE_SECONDS = 300;

/** Octets in base64url. */
export function octets(most: number, description: string) {
  return Type.String({
    pattern: `^[A-Za-z0-9_-]{1,${most}}$`,
    ...inWords(`at most ${most} characters of base64url`),
    description: `${description}. In base64url`,
  });
}

const challengeExample = {
  challenge: 'mN0QbIZ6zA1yXw2vUt3sRq4pOn5mLk6jIh7gFe8dCb9',
  rp_id: 'rsp.example.com',
  expires_at: '2026-03-02T08:05:00Z',
};

export const PasskeyChallenge = Type.Object(
  {
    challenge: Type.String({ description: 'What the passkey signs, once. In base64url' }),
    rp_id: Type.String({ description: 'The domain of the console, to which passkeys are bound' }),
    expires_at: Time('When the challenge ends'),
  },
  {
    $id: 'PasskeyChallenge',
    description:
      'What a browser needs to ask for a passkey (rpId and challenge of WebAuthn). User verification is required',
    examples: [challengeExample],
  },
);

type NewChallenge = {
  readonly random: Random;
  /** Unix seconds. */
  readonly now: number;
  /** Who creates a passkey; absent: somebody signs in. */
  readonly person?: string;
};

/** A new challenge, in an answer. Throws 503 if too many are waiting for their passkey. */
export async function newChallenge(
  store: Pick<PasskeyStore, 'addPasskeyChallenge'>,
  { id }: RelyingParty,
  { random, now, person }: NewChallenge,
) {
  const challenge = generateToken(random);
  const endsAt = now + CHALLENGE_SECONDS;
  const stored = { hash: tokenHash(challenge), endsAt, ...(person !== undefined && { person }) };
  if ((await store.addPasskeyChallenge(stored, now)) === 'full')
    throw new HttpProblem(503, 'busy', 'too many people are signing in: try again', undefined, 10);
  return { challenge, rp_id: id, expires_at: timeOfSeconds(endsAt) };
}
