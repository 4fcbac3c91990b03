import type { InvitedPerson } from '@esim-rsp/sdk';
import { Once } from '../../../parts/once.tsx';
import { Time } from '../../../parts/time.tsx';
import { useText } from '../../../text/text.ts';

/** The link of an invitation, which is shown once. */
export function InvitationNotice({ person }: { person: InvitedPerson }) {
  const words = useText().people;
  const { path, expires_at: endsAt } = person.invitation;
  return (
    <Once name={words.linkFor(person.name)} value={`${window.location.origin}${path}`}>
      {words.linkEnds} <Time at={endsAt} isExact />. {words.linkWhat}
    </Once>
  );
}
