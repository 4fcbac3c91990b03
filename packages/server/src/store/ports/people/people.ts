import type { BegunRequest } from '../idempotency.ts';
import type { Role } from '../permissions.ts';
import type { ConsoleTicket } from './console-sessions.ts';

/** Somebody who signs in to the console of an account. */
export type Person = {
  /** `person-` and 16 hexadecimal digits: where the id of a key says who acted, this one does. */
  readonly id: string;
  readonly account: string;
  /** In lower case; unique in the account. */
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  /** Unix seconds, as are all times here. */
  readonly createdAt: number;
  /** Argon2id, with its parameters; absent: the invitation was not accepted yet. */
  readonly passwordHash?: string;
  /** Who it is at the OpenID provider: issuer and subject. Absent: the person has not signed in there. */
  readonly openidSubject?: string;
  /** Absent: the person may sign in. */
  readonly disabledAt?: number;
  readonly signedInAt?: number;
};

/** A link with which a person signs in for the first time, or chooses a new password. */
export type Invitation = ConsoleTicket & { readonly person: string };

/** Whether the sessions of a person end with a change: of the role, the password, or whether they may sign in. */
export function endsSessions(before: Person, after: Person): boolean {
  return (
    before.role !== after.role ||
    before.passwordHash !== after.passwordHash ||
    before.disabledAt !== after.disabledAt
  );
}

/** People of one account. */
export const MOST_PEOPLE = 500;
/** People with the same e-mail address, in different accounts, who can sign in without naming the account. */
export const MOST_ACCOUNTS_OF_EMAIL = 5;

export interface PersonStore {
  /** By name and e-mail address. */
  people(account: string): Promise<readonly Person[]>;
  person(account: string, id: string): Promise<Person | undefined>;
  /** Of all accounts, those who have signed in, the last first: one who was only invited has no password. */
  peopleByEmail(email: string): Promise<readonly Person[]>;
  /**
   * Adds a person, with an invitation if there is one. `exists`: the account has somebody with this address. `full`: it has too many people. Nothing
   * was changed. `request`: whose work this is.
   */
  addPerson(
    person: Person,
    invitation?: Invitation,
    request?: BegunRequest,
  ): Promise<'added' | 'exists' | 'full'>;
  /** Adds an invitation, which ends the earlier ones of the person. `unknown`: the account has no such person. `request`: whose work this is. */
  invitePerson(invitation: Invitation, request?: BegunRequest): Promise<'invited' | 'unknown'>;
  /**
   * Takes an invitation: the person has this password from now on (Unix seconds), and neither another invitation nor a session. undefined: the
   * invitation was used, has ended, or never existed, or the person may not sign in; nothing was changed.
   */
  acceptInvitation(hash: Uint8Array, passwordHash: string, now: number): Promise<Person | undefined>;
  /** Reads, changes and writes in one transaction; resolves to the new person. Ends the sessions but `keep`, if `endsSessions`. */
  updatePerson(
    account: string,
    id: string,
    change: (person: Person) => Person,
    keep?: string,
  ): Promise<Person | undefined>;
  /** Deletes a person, and their sessions, invitations and passkeys. Whether there was one. */
  deletePerson(account: string, id: string): Promise<boolean>;
}
