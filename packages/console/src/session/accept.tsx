import { type FormEvent, useState } from 'react';
import { Problem } from '../parts/problem.tsx';
import { useText } from '../text/text.ts';
import { NewPassword, readNewPassword } from './new-password.tsx';
import type { SignInCall } from './sign-in.tsx';

/** The page of an invitation: the person chooses a password, which signs in. */
export function Accept(props: { ticket: string; signIn: SignInCall; onOther: () => void }) {
  const { ticket, signIn, onOther } = props;
  const text = useText();
  const words = text.accept;
  const [isBusy, setIsBusy] = useState(false);
  const [differ, setDiffer] = useState(false);
  const [error, setError] = useState<unknown>();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const password = readNewPassword(new FormData(event.currentTarget));
    setDiffer(password === undefined);
    setError(undefined);
    if (password === undefined) return;
    setIsBusy(true);
    signIn({ ticket, password }).catch((problem: unknown) => {
      setError(problem);
      setIsBusy(false);
    });
  };
  return (
    <main className="alone">
      <h1>
        {text.product} <span className="muted">{words.title}</span>
      </h1>
      <p>{words.lead}</p>
      <form onSubmit={submit} className="form">
        <NewPassword differ={differ} />
        <Problem error={error} />
        <button type="submit" className="primary" disabled={isBusy}>
          {isBusy ? text.signIn.busy : words.submit}
        </button>
      </form>
      <p>
        <button type="button" className="plain" onClick={onOther}>
          {words.other}
        </button>
      </p>
    </main>
  );
}
