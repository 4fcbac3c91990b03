import type { PasskeyStore } from '../../store/ports/people/passkeys.ts';
import type { PersonStore } from '../../store/ports/people/people.ts';
import type { SignedIn } from '../frame/session/console-sessions.ts';
import type { RelyingParty } from '../passkeys/relying-party.ts';
import { type Assertion, verifyAssertion } from '../passkeys/verify.ts';

/** Who has used a passkey; undefined: it is not known, its challenge was used, or its signature or counter is wrong. `now`: Unix seconds. */
export async function byPasskey(
  store: PasskeyStore & PersonStore,
  assertion: Assertion,
  party: RelyingParty,
  now: number,
): Promise<SignedIn | undefined> {
  const passkey = await store.passkeyByCredential(Buffer.from(assertion.credential_id, 'base64url'));
  if (passkey === undefined || passkey.rpId !== party.id) return undefined;
  const counter = await verifyAssertion(assertion, party, passkey, { store, now });
  if (counter === undefined) return undefined;
  const { id, account, person: personId, counter: before } = passkey;
  if (!(await store.recordPasskeyUse(id, { before, counter, at: now }))) return undefined;
  const person = await store.updatePerson(account, personId, (one) =>
    one.disabledAt === undefined ? { ...one, signedInAt: now } : one,
  );
  return person === undefined || person.disabledAt !== undefined ? undefined : { person };
}
