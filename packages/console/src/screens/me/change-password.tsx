import { type FormEvent, useRef, useState } from 'react';
import { Problem } from '../../parts/problem.tsx';
import { NewPassword, readNewPassword } from '../../session/new-password.tsx';
import { useApi } from '../../session/session.ts';
import { useText } from '../../text/text.ts';

/** A new password for oneself. `email`: for password managers. */
export function ChangePassword({ email }: { email: string }) {
  const words = useText().password;
  const api = useApi();
  const form = useRef<HTMLFormElement>(null);
  const [state, setState] = useState<'idle' | 'busy' | 'differ' | 'done'>('idle');
  const [error, setError] = useState<unknown>();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const next = readNewPassword(fields);
    setError(undefined);
    if (next === undefined) return setState('differ');
    setState('busy');
    const request = { password: String(fields.get('password')), new_password: next };
    api.changePassword(request, { retries: 0 }).then(
      () => {
        form.current?.reset();
        setState('done');
      },
      (problem: unknown) => {
        setError(problem);
        setState('idle');
      },
    );
  };
  return (
    <section>
      <h2>{words.title}</h2>
      <form className="form framed" onSubmit={submit} ref={form}>
        <input type="hidden" autoComplete="username" value={email} readOnly />
        <label>
          {words.current}
          <input name="password" type="password" required autoComplete="current-password" maxLength={200} />
        </label>
        <NewPassword differ={state === 'differ'} />
        <p className="muted">{words.endsOthers}</p>
        <Problem error={error} />
        {state === 'done' && <p role="status">{words.done}</p>}
        <div className="actions">
          <button type="submit" className="primary" disabled={state === 'busy'}>
            {words.change}
          </button>
        </div>
      </form>
    </section>
  );
}
