import type { SessionOwner } from '../../store/ports/people/console-sessions.ts';
import type { CallerKey } from '../frame/authenticate.ts';

/** Whose sessions a caller sees and ends: those of the same person, or of the same key. */
export function ownerOf({ account, keyId, session }: CallerKey): SessionOwner {
  return session?.person === undefined ? { account, keyId } : { person: session.person.id };
}
