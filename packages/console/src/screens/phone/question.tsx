import type { LabPhone } from '@esim-rsp/sdk';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { Problem } from '../../parts/problem.tsx';
import { useApi } from '../../session/session.ts';
import { useText } from '../../text/text.ts';
import { EsimIcon } from './esim-list.tsx';

type Download = NonNullable<LabPhone['download']>;
type Props = { readonly download: Download; readonly onAnswered: () => void };

/** What the phone asks its user: whether it may install the profile, or the confirmation code. */
export function Question({ download: { id, question }, onAnswered }: Props) {
  const text = useText();
  const words = text.phone;
  const api = useApi();
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  if (question === undefined) return null;
  const isCode = question.kind === 'confirmation_code';
  const answer = async (agrees: boolean, code?: string) => {
    setIsBusy(true);
    setError(undefined);
    try {
      await api.answerLabQuestion(id, { agrees, ...(code !== undefined && { confirmation_code: code }) });
      onAnswered();
    } catch (problem) {
      setError(problem);
    } finally {
      setIsBusy(false);
    }
  };
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const code = String(new FormData(event.currentTarget).get('code') ?? '').trim();
    void answer(true, isCode ? code : undefined);
  };
  return (
    <form className="question" onSubmit={submit}>
      <h2 ref={heading} tabIndex={-1}>
        {isCode ? words.codeAsk : words.consentAsk}
      </h2>
      {isCode ? (
        <>
          {question.again && <p role="alert">{words.codeWrong}</p>}
          <label>
            {words.code}
            <input name="code" required autoComplete="off" inputMode="numeric" />
          </label>
          <p className="muted">{words.codeHint}</p>
        </>
      ) : (
        <p className="offer">
          <EsimIcon icon={question.icon} />
          <span>
            <strong>{question.profile_name || words.unnamed}</strong>{' '}
            <span className="muted">{question.service_provider_name}</span>
          </span>
        </p>
      )}
      {question.rules.length > 0 && (
        <ul>
          {question.rules.map((rule) => (
            <li key={rule}>{rule}</li>
          ))}
        </ul>
      )}
      <Problem error={error} />
      <div className="actions">
        <button type="button" disabled={isBusy} onClick={() => answer(false)}>
          {text.cancel}
        </button>
        <button type="submit" className="primary" disabled={isBusy}>
          {isCode ? words.go : words.agree}
        </button>
      </div>
    </form>
  );
}
