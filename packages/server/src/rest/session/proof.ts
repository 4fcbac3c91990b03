import { sameSecret } from '@esim-rsp/sgp22/crypto/digest';
import { apiKeyHash } from '../../accounts/accounts.ts';
import { tokenHash } from '../../accounts/console-tickets.ts';
import { hashPassword, isPassword } from '../../accounts/passwords.ts';
import type { ApiKeyStore } from '../../store/ports/api-keys.ts';
import type { ConsoleSessionStore } from '../../store/ports/people/console-sessions.ts';
import type { PasskeyStore } from '../../store/ports/people/passkeys.ts';
import type { Person, PersonStore } from '../../store/ports/people/people.ts';
import { HttpProblem } from '../frame/problem.ts';
import type { SignedIn } from '../frame/session/console-sessions.ts';
import type { RelyingParty } from '../passkeys/relying-party.ts';
import type { Assertion } from '../passkeys/verify.ts';
import { byPasskey } from './passkey-proof.ts';

export type ProofStore = ApiKeyStore & ConsoleSessionStore & PasskeyStore & PersonStore;

/** What somebody shows to sign in. */
export type Proof = {
  /** The account or the person that is claimed, for the limits. */
  readonly who?: string;
  /** The account that is claimed, for the audit log. */
  readonly account?: string;
  /** Finds out who it is; undefined: the proof is wrong. */
  readonly find: () => Promise<SignedIn | undefined>;
  readonly wrong: string;
};

type Shown = {
  readonly account_id?: string;
  readonly api_key?: string;
  readonly ticket?: string;
  readonly email?: string;
  readonly password?: string;
  readonly passkey?: Assertion;
};

type At = {
  /** Unix seconds. */
  readonly now: number;
  /** Absent: there are no passkeys. */
  readonly party: RelyingParty | undefined;
};

/** The one way to sign in that a body has. Throws 400 if it has none, or several. */
export function proofIn(store: ProofStore, shown: Shown, { now, party }: At): Proof {
  const { account_id, api_key, ticket, email, password, passkey } = shown;
  const ways = Object.keys(shown).filter((name) => name !== 'account_id' || email === undefined);
  const isOnly = (...names: string[]) => ways.toSorted().join() === names.toSorted().join();
  if (ticket !== undefined && (isOnly('ticket') || isOnly('ticket', 'password')))
    return {
      find: () => byTicket(store, ticket, password, now),
      wrong:
        "the link was used already, has ended or is wrong: 'esim console link' creates another, and an administrator can invite you again",
    };
  if (account_id !== undefined && api_key !== undefined && isOnly('account_id', 'api_key'))
    return {
      who: account_id,
      account: account_id,
      find: () => byKey(store, account_id, api_key, now),
      wrong: 'account_id and api_key do not belong together, or the key is not valid',
    };
  if (email !== undefined && password !== undefined && isOnly('email', 'password'))
    return {
      who: email.toLowerCase(),
      find: () => byPassword(store, email.toLowerCase(), password, account_id, now),
      wrong: 'the e-mail address and the password do not belong together',
    };
  if (passkey !== undefined && isOnly('passkey'))
    return {
      who: passkey.credential_id,
      find: async () => party && byPasskey(store, passkey, party, now),
      wrong:
        'the passkey is not known here, or was asked for too long ago: try again, or sign in in another way',
    };
  const message = 'send account_id and api_key, or ticket, or email and password, or passkey';
  throw new HttpProblem(400, 'validation_failed', message, [{ field: 'ticket', message }]);
}

async function byTicket(
  store: ProofStore,
  ticket: string,
  password: string | undefined,
  now: number,
): Promise<SignedIn | undefined> {
  const hash = tokenHash(ticket);
  const shown = await store.consoleTicket(hash, now);
  if (shown?.person !== undefined) {
    if (password === undefined) {
      const message = 'is required: this is an invitation, and the password is the one that you choose';
      throw new HttpProblem(400, 'validation_failed', `password ${message}`, [
        { field: 'password', message },
      ]);
    }
    const person = await store.acceptInvitation(hash, await hashPassword(password), now);
    return person && { person };
  }
  const taken = await store.takeConsoleTicket(hash, now);
  if (taken === undefined) return undefined;
  const key = (await store.validApiKeys(taken.account, now)).find(({ id }) => id === taken.keyId);
  return key && { key };
}

/** Every key is compared, whether or not one has fitted already. */
async function byKey(
  store: ProofStore,
  account: string,
  apiKey: string,
  now: number,
): Promise<SignedIn | undefined> {
  const hash = apiKeyHash(apiKey);
  const [key] = (await store.validApiKeys(account, now)).filter((one) => sameSecret(one.hash, hash));
  return key && { key };
}

/** An unknown address takes as long as a wrong password. */
async function byPassword(
  store: ProofStore,
  email: string,
  password: string,
  account: string | undefined,
  now: number,
): Promise<SignedIn | undefined> {
  const named =
    account === undefined
      ? await store.peopleByEmail(email)
      : (await store.people(account)).filter((one) => one.email === email);
  const people = named.filter((one) => one.disabledAt === undefined);
  const [first, ...others] = people;
  let found: Person | undefined;
  for (const person of [first, ...others])
    if ((await isPassword(password, person?.passwordHash)) && found === undefined) found = person;
  if (found === undefined) return undefined;
  const person = await store.updatePerson(found.account, found.id, (one) => ({ ...one, signedInAt: now }));
  return person === undefined || person.disabledAt !== undefined ? undefined : { person };
}
