import type { Random } from '@esim-rsp/sgp22/crypto/random';
import { generatePersonId } from '../../accounts/invitations.ts';
import type { Person, PersonStore } from '../../store/ports/people/people.ts';
import { type Role, roles } from '../../store/ports/permissions.ts';
import type { ConsoleSessions } from '../frame/session/console-sessions.ts';
import type { Claims, OpenIdSettings } from './provider.ts';
import { RefusedSignIn } from './refused-sign-in.ts';

type Parts = {
  readonly store: PersonStore;
  readonly sessions: Pick<ConsoleSessions, 'endAllOf'>;
  readonly settings: OpenIdSettings;
  readonly random: Random;
  /** Unix seconds. */
  readonly now: number;
};

/**
 * The person of the account whom the provider has named: by the subject that signed in before, or the first time by a verified e-mail address. With
 * roles in claims, the role follows the claim, and those who have one need no invitation. Throws a RefusedSignIn.
 */
export async function personOf(parts: Parts, claims: Claims): Promise<Person> {
  const { store, sessions, settings, now } = parts;
  const subject = `${claims.iss} ${claims.sub}`;
  const role = roleIn(claims, settings);
  const people = await store.people(settings.account);
  const known = people.find(({ openidSubject }) => openidSubject === subject);
  if (settings.roles !== undefined && role === undefined) {
    if (known !== undefined) await sessions.endAllOf({ person: known.id });
    throw new RefusedSignIn('no_role');
  }
  const { id } = known ?? (await firstTime(parts, claims, people, role));
  const before = people.find((person) => person.id === id);
  const person = await store.updatePerson(settings.account, id, (one) => {
    if (one.disabledAt !== undefined) return one;
    return { ...one, openidSubject: subject, signedInAt: now, ...(role !== undefined && { role }) };
  });
  if (person === undefined) throw new RefusedSignIn('not_invited');
  if (person.disabledAt !== undefined) throw new RefusedSignIn('disabled');
  if (before !== undefined && before.role !== person.role) await sessions.endAllOf({ person: id });
  return person;
}

async function firstTime(
  { store, settings: { account }, random, now }: Parts,
  claims: Claims,
  people: readonly Person[],
  role: Role | undefined,
): Promise<Person> {
  const email = verifiedEmail(claims);
  if (email === undefined) throw new RefusedSignIn('email_not_verified');
  const invited = people.find((person) => person.email === email);
  if (invited?.openidSubject !== undefined) throw new RefusedSignIn('other_subject');
  if (invited !== undefined) return invited;
  if (role === undefined) throw new RefusedSignIn('not_invited');
  const name = nameIn(claims) ?? email.slice(0, 100);
  const person = { id: generatePersonId(random), account, email, name, role, createdAt: now };
  if ((await store.addPerson(person)) !== 'added') throw new RefusedSignIn('not_invited');
  return person;
}

function verifiedEmail({ email, email_verified: isVerified }: Claims): string | undefined {
  const isAddress = typeof email === 'string' && email.length <= 254 && /^[^\s@]{1,64}@[^\s@]+$/.test(email);
  return isAddress && isVerified === true ? email.toLowerCase() : undefined;
}

function nameIn({ name }: Claims): string | undefined {
  return typeof name === 'string' && /^[^\p{C}]{1,100}$/u.test(name) ? name : undefined;
}

/** From the one that may do least. */
const ranks = Object.keys(roles) as Role[];

/** The role that may do most among those of the values. */
function roleIn(claims: Claims, { roles: wanted }: OpenIdSettings): Role | undefined {
  if (wanted === undefined) return undefined;
  const values = [claims[wanted.claim]].flat().filter((value) => typeof value === 'string');
  const found = values.flatMap((value) => wanted.byValue.get(value) ?? []);
  return ranks.findLast((role) => found.includes(role));
}
