import type { Random } from '@esim-rsp/sgp22/crypto/random';
import { invitationPath, invite } from '../../accounts/invitations.ts';
import type { ReadSecretValues } from '../../delivery/mail/kinds.ts';
import type { PersonStore } from '../../store/ports/people/people.ts';

type Parts = {
  readonly store: Pick<PersonStore, 'person' | 'invitePerson'>;
  /** The address of the console in browsers, without a path. */
  readonly consoleUrl: string;
  readonly random: Random;
  /** Unix milliseconds. */
  readonly now: () => number;
};

/**
 * The link of an invitation, created when its mail is sent: the outbox stores no ticket. A second attempt has a new link, and ends the first. undefined: the
 * person is gone, may not sign in, or has another address.
 */
export function invitationValues({ store, consoleUrl, random, now }: Parts): ReadSecretValues {
  return async ({ account, target, facts }) => {
    const person = await store.person(account, facts?.person_id ?? '');
    if (person === undefined || person.disabledAt !== undefined || person.email !== target.toLowerCase())
      return undefined;
    const invitation = await invite(store, person, { random, now: Math.floor(now() / 1000) });
    return invitation && { link: `${consoleUrl}${invitationPath(invitation.ticket)}` };
  };
}
