import { toHex } from '@esim-rsp/codec';
import type { Random } from '@esim-rsp/sgp22/crypto/random';
import type { ConsoleSessionStore } from '../store/ports/people/console-sessions.ts';
import type { Person } from '../store/ports/people/people.ts';
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

/** The ticket of a new invitation; earlier ones of this person end. */
export async function invite(
  store: Pick<ConsoleSessionStore, 'addConsoleTicket' | 'deleteConsoleTicketsOf'>,
  { id, account }: Pick<Person, 'id' | 'account'>,
  { random, now }: { readonly random: Random; readonly now: number },
): Promise<{ readonly ticket: string; readonly endsAt: number }> {
  const ticket = generateToken(random);
  const endsAt = now + INVITATION_SECONDS;
  await store.deleteConsoleTicketsOf(id);
  await store.addConsoleTicket({ hash: tokenHash(ticket), account, person: id, endsAt }, now);
  return { ticket, endsAt };
}
