import type { MailTemplate } from '@esim-rsp/sdk';
import { type FormEvent, useState } from 'react';
import { Confirm } from '../../../parts/dialog.tsx';
import { Optional } from '../../../parts/form.tsx';
import { Problem } from '../../../parts/problem.tsx';
import { useApi } from '../../../session/session.ts';
import { useText } from '../../../text/text.ts';
import { MailPreview } from './mail-preview.tsx';

const FIELDS = ['subject', 'text', 'html'] as const;

/** The words of the mail in one language, next to the mail with example values. */
export function TemplateEditor({ template, onChange }: { template: MailTemplate; onChange: () => void }) {
  const text = useText();
  const words = text.brand;
  const api = useApi();
  const { kind, language, is_own: isOwn, placeholders } = template;
  const saved = { subject: template.subject, text: template.text, html: template.html ?? '' };
  const [mail, setMail] = useState(saved);
  const [error, setError] = useState<unknown>();
  const [isAsked, setIsAsked] = useState(false);
  const { html, ...others } = mail;
  const written = html === '' ? others : mail;
  const hasChanges = FIELDS.some((name) => mail[name] !== saved[name]);
  const run = (call: Promise<unknown>) => {
    setError(undefined);
    setIsAsked(false);
    call.then(onChange, setError);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    run(api.putMailTemplate(kind, language, written));
  };
  const field = (name: (typeof FIELDS)[number]) => ({
    name,
    value: mail[name],
    onChange: ({ target }: { target: { value: string } }) => setMail({ ...mail, [name]: target.value }),
  });
  return (
    <div className="with-preview">
      <form className="form" onSubmit={submit}>
        <p>{isOwn ? words.mailOwn : words.mailOurs}</p>
        <label>
          {words.subject}
          <input {...field('subject')} required maxLength={200} autoComplete="off" />
        </label>
        <label>
          {words.plain}
          <textarea {...field('text')} required maxLength={10_000} rows={10} />
        </label>
        <label>
          <Optional name={words.html} />
          <textarea {...field('html')} className="source" maxLength={30_000} rows={12} spellCheck={false} />
        </label>
        <Problem error={error} />
        <div className="actions">
          <button type="submit" className="primary" disabled={!hasChanges}>
            {text.save}
          </button>
          <button type="button" disabled={!hasChanges} onClick={() => setMail(saved)}>
            {words.forget}
          </button>
          {isOwn && (
            <button type="button" className="danger" onClick={() => setIsAsked(true)}>
              {words.mailReset}
            </button>
          )}
        </div>
        <details>
          <summary>{words.placeholders}</summary>
          <dl>
            {placeholders.map(({ name, about }) => (
              <div key={name}>
                <dt>
                  <code>{`{{${name}}}`}</code>
                </dt>
                <dd>{words.placeholder[name] ?? about}</dd>
              </div>
            ))}
          </dl>
        </details>
      </form>
      <MailPreview language={language} mail={written} />
      {isAsked && (
        <Confirm
          title={words.mailResetAsk}
          action={words.mailReset}
          onClose={() => setIsAsked(false)}
          onAction={() => run(api.deleteMailTemplate(kind, language))}
        >
          <p>{words.mailResetWhat}</p>
        </Confirm>
      )}
    </div>
  );
}
