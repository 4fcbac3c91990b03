import type { InstallLink, ProfileEvent } from '@esim-rsp/sdk';
import { useLoad } from '../../parts/load.ts';
import { relative } from '../../parts/time-words.ts';
import { useApi } from '../../session/session.ts';
import { useWords } from '../../text/text.ts';

const ASKED = 'install_link.help_requested';

/** The request for help that waits for an answer. A new link, a new code or another profile is one. */
export function useHelp(iccid: string, newestFirst: readonly ProfileEvent[], turn: number) {
  const api = useApi();
  const asked = newestFirst.find(({ type }) => type === ASKED);
  const { data: link } = useLoad<InstallLink | undefined>(
    async (signal) => {
      if (asked === undefined) return undefined;
      return api.getInstallLink(iccid, { signal }).then(
        ({ data }) => data,
        () => undefined, // the link was revoked
      );
    },
    [iccid, asked?.id, turn],
  );
  const { help_requested_at: at, replaced_at: replacedAt = '' } = link ?? {};
  return asked !== undefined && at !== undefined && at > replacedAt ? asked : undefined;
}

/** What the customer has written, and what to do. */
export function Help({ asked: { occurred_at: at, message } }: { asked: ProfileEvent }) {
  const { text, language } = useWords();
  const words = text.profile;
  return (
    <div className="failure help">
      <p>
        <strong>{words.helpAsked(relative(new Date(at), new Date(), language))}</strong>
      </p>
      {message !== undefined && <blockquote>{message}</blockquote>}
      <p>→ {words.helpAnswer}</p>
    </div>
  );
}
