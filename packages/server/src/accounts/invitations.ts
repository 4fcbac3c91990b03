import { toHex } from '@esim-rsp/codec';
import type { Random } from '@esim-rsp/sgp22/crypto/random';
import type { Invitation, Person, PersonStore } from '../store/ports/people/people.ts';
import { generateToken, tokenHash } from './console-tickets.ts';

/** How long an invitation can be accepted. */
export const INVITATION_SECONDS = 3 * 86_400;

export function generatePersonId(random: Random): string {
  return `person-${toHex(random(8))}`;
}

/** The page of the console that takes an invitation. The part after # stays in the browser. */
export function invitationPath(ticket: string): string {
  return `/console/accept#${ticket}`;
}

/** An invitation, which is shown once, and how it is stored. `now`: Unix seconds. */
export type NewInvitation = { readonly ticket: string; readonly endsAt: number; readonly stored: Invitation };

export function newInvitation(
  { id, account }: Pick<Person, 'id' | 'account'>,
  { random, now }: { readonly random: Random; readonly now: number },
): NewInvitation {
  const ticket = generateToken(random);
  const endsAt = now + INVITATION_SECONDS;
  return { ticket, endsAt, stored: { hash: tokenHash(ticket), account, person: id, endsAt } };
}

/** Invites a person of an account, which ends the earlier invitations of this person; undefined: the person is gone. `now`: Unix seconds. */
export async function invite(
  store: Pick<PersonStore, 'invitePerson'>,
  person: Pick<Person, 'id' | 'account'>,
  parts: { readonly random: Random; readonly now: number },
): Promise<NewInvitation | undefined> {
  const invitation = newInvitation(person, parts);
  return (await store.invitePerson(invitation.stored)) === 'unknown' ? undefined : invitation;
}
