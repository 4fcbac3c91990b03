import type { Random } from '@esim-rsp/sgp22/crypto/random';
import { generatePersonId } from '../../accounts/invitations.ts';
import type { Person, PersonStore } from '../../store/ports/people/people.ts';
import { type Role, roles } from '../../store/ports/permissions.ts';
import type { ConsoleSessions } from '../frame/session/console-sessions.ts';
import type { Claims, OpenIdSettings } from './provider.ts';
import { RefusedSignIn } from './refused-sign-in.ts';

type Parts = {
  readonly store: PersonStore;
  readonly sessions: Pick<ConsoleSessions, 'endAllOf' | 'forget'>;
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
  const seen = { openidSubject: subject, signedInAt: now, ...(role !== undefined && { role }) };
  const before = known ?? invitedAs(verifiedEmail(claims), people);
  if (before === undefined) return add(parts, claims, seen);
  const person = await store.updatePerson(settings.account, before.id, (one) =>
    one.disabledAt === undefined ? { ...one, ...seen } : one,
  );
  if (person === undefined) throw new RefusedSignIn('not_invited');
  if (person.disabledAt !== undefined) throw new RefusedSignIn('disabled');
  if (before.role !== person.role) sessions.forget();
  return person;
}

/** Somebody who signs in there for the first time, and was invited; undefined: there is no such invitation. */
function invitedAs(email: string, people: readonly Person[]): Person | undefined {
  const invited = people.find((person) => person.email === email);
  if (invited?.openidSubject !== undefined) throw new RefusedSignIn('other_subject');
  return invited;
}

type Seen = Pick<Person, 'openidSubject' | 'signedInAt'> & Partial<Pick<Person, 'role'>>;

/** Adds somebody whom only the provider knows. */
async function add(
  { store, settings: { account }, random, now }: Parts,
  claims: Claims,
  { role, ...seen }: Seen,
): Promise<Person> {
  if (role === undefined) throw new RefusedSignIn('not_invited');
  const email = verifiedEmail(claims);
  const name = nameIn(claims) ?? email.slice(0, 100);
  const person = { id: generatePersonId(random), account, email, name, role, createdAt: now, ...seen };
  if ((await store.addPerson(person)) !== 'added') throw new RefusedSignIn('not_invited');
  return person;
}

function verifiedEmail({ email, email_verified: isVerified }: Claims): string {
  const isAddress = typeof email === 'string' && email.length <= 254 && /^[^\s@]{1,64}@[^\s@]+$/.test(email);
  if (!isAddress || isVerified !== true) throw new RefusedSignIn('email_not_verified');
  return email.toLowerCase();
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
