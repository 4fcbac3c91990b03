import type { SentInstallLink } from '@esim-rsp/sdk';
import { useEffect, useState } from 'react';
import { useApi } from '../../session/session.ts';
import { useText } from '../../text/text.ts';

/** Milliseconds between looks at a mail that has not left yet. */
const EVERY = 2_000;

/** Whether the mail with a link was accepted. It is looked at until it was, or was refused. */
export function MailState({ iccid, mail: first }: { iccid: string; mail: SentInstallLink }) {
  const words = useText().profile;
  const api = useApi();
  const [mail, setMail] = useState(first);
  const isPending = mail.state === 'pending';
  // biome-ignore lint/correctness/useExhaustiveDependencies: each answer plans the next look.
  useEffect(() => {
    if (!isPending) return;
    const stop = new AbortController();
    const look = () =>
      api.getInstallLink(iccid, { signal: stop.signal }).then(
        ({ data }) => data.mail !== undefined && !stop.signal.aborted && setMail(data.mail),
        () => undefined, // the next screen says what is wrong
      );
    const timer = setTimeout(look, EVERY);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [api, iccid, isPending, mail]);
  return (
    <p role="status">
      {words.mailStates[mail.state](mail.to)}{' '}
      {mail.last_error !== undefined && <span>{mail.last_error}</span>}
    </p>
  );
}
