import { useText } from '../text/text.ts';
import { useSigned } from './session.ts';

/** What the reader is, in words; of a key with permissions of its own, what it may do. */
export function useRole(): string {
  const { role, permissions } = useSigned().session;
  const { roles } = useText().people;
  return role === 'custom' ? permissions.join(', ') : roles[role];
}
