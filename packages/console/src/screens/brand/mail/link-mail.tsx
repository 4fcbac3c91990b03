import { type InstallLanguage, installLanguages, type MailTemplate } from '@esim-rsp/sdk';
import { useState } from 'react';
import { useLoad } from '../../../parts/load.ts';
import { Problem } from '../../../parts/problem.tsx';
import { useApi, useSigned } from '../../../session/session.ts';
import { useWords } from '../../../text/text.ts';
import { TemplateEditor } from './template-editor.tsx';

/** The mail with the install link, in each language. */
export function LinkMail() {
  const { text, language: own } = useWords();
  const words = text.brand;
  const api = useApi();
  const { session } = useSigned();
  const [language, setLanguage] = useState<InstallLanguage>(own);
  const names = new Intl.DisplayNames(own, { type: 'language' });
  const loaded = useLoad<MailTemplate>(
    async (signal) => (await api.getMailTemplate('install_link', language, { signal })).data,
    [language],
  );
  const { data: template, error } = loaded;
  return (
    <>
      <p className="muted">{words.mailWhat}</p>
      {!session.sends_mail && <p className="notice">{words.mailOff}</p>}
      <div className="form">
        <label>
          {words.mailLanguage}
          <select value={language} onChange={({ target }) => setLanguage(target.value as InstallLanguage)}>
            {installLanguages.map((code) => (
              <option key={code} value={code}>
                {names.of(code)}
              </option>
            ))}
          </select>
        </label>
      </div>
      <Problem error={error} onRetry={loaded.reload} />
      {template?.language === language ? (
        <TemplateEditor
          key={`${language} ${template.changed_at ?? ''}`}
          template={template}
          onChange={loaded.reload}
        />
      ) : (
        error === undefined && <p>{text.loading}</p>
      )}
    </>
  );
}
