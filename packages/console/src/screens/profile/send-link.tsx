import { type InstallLanguage, type InstallLinkWithUrl, installLanguages } from '@esim-rsp/sdk';
import { type FormEvent, useId, useState } from 'react';
import { Copy } from '../../parts/copy.tsx';
import { Problem } from '../../parts/problem.tsx';
import { useSigned } from '../../session/session.ts';
import { useText, useWords } from '../../text/text.ts';
import { MailState } from './mail-state.tsx';

type Props = {
  readonly iccid: string;
  /** Called after a link was created: it is the answer to a request for help. */
  readonly onCreated: () => void;
};

/** Creates a link to the page on which the customer installs the eSIM. Sends it by mail, or writes the text to send with it. */
export function SendLink({ iccid, onCreated }: Props) {
  const words = useText().profile;
  const { session, api } = useSigned();
  const [link, setLink] = useState<InstallLinkWithUrl>();
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const create = async (request: Parameters<typeof api.createInstallLink>[1]) => {
    setIsBusy(true);
    setError(undefined);
    try {
      setLink((await api.createInstallLink(iccid, request)).data);
      onCreated();
    } catch (problem) {
      setError(problem);
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <div className="sending">
      <p className="muted">{words.sendWhat}</p>
      {session.sends_mail && <ByMail isBusy={isBusy} onSend={create} />}
      <button type="button" disabled={isBusy} onClick={() => create({})}>
        {session.sends_mail ? words.sendCopy : words.send}
      </button>
      <Problem error={error} />
      {link?.mail !== undefined && <MailState key={link.created_at} iccid={iccid} mail={link.mail} />}
      {link !== undefined && link.mail === undefined && <LinkText url={link.url} />}
    </div>
  );
}

/** The text with the link, to copy. */
function LinkText({ url }: { url: string }) {
  const words = useText().profile;
  const id = useId();
  return (
    <>
      <label htmlFor={id}>{words.sendTitle}</label>
      <textarea id={id} readOnly rows={6} value={words.sendText(url)} />
      <Copy value={words.sendText(url)} />
    </>
  );
}

type MailProps = {
  readonly isBusy: boolean;
  readonly onSend: (request: { send_to: string; language?: InstallLanguage }) => Promise<void>;
};

function ByMail({ isBusy, onSend }: MailProps) {
  const { text, language: own } = useWords();
  const words = text.profile;
  const names = new Intl.DisplayNames(own, { type: 'language' });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const language = String(form.get('language')) as InstallLanguage | '';
    void onSend({ send_to: String(form.get('to')).trim(), ...(language !== '' && { language }) });
  };
  return (
    <form className="form" onSubmit={submit}>
      <label>
        {words.sendTo}
        <input name="to" type="email" required maxLength={254} autoComplete="off" />
      </label>
      <label>
        {words.sendLanguage}
        <select name="language" defaultValue="">
          <option value="">{words.sendLanguageUsual}</option>
          {installLanguages.map((code) => (
            <option key={code} value={code}>
              {names.of(code)}
            </option>
          ))}
        </select>
      </label>
      <div className="actions">
        <button type="submit" className="primary" disabled={isBusy}>
          {words.sendMail}
        </button>
      </div>
    </form>
  );
}
