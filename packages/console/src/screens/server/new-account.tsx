import type { NewAccount } from '@esim-rsp/sdk';
import { type FormEvent, useState } from 'react';
import { filled } from '../../parts/file-field.tsx';
import { CreateEnd, Optional } from '../../parts/form.tsx';
import { useApi } from '../../session/session.ts';
import { useText } from '../../text/text.ts';

/** A new account. Its first key is shown once. */
export function NewAccountForm({ onDone }: { onDone: (account: NewAccount) => void }) {
  const words = useText().accounts;
  const api = useApi();
  const [error, setError] = useState<unknown>();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const field = (name: string) => String(form.get(name)).trim();
    setError(undefined);
    api
      .createAccount({ name: field('name'), ...filled({ account_id: field('id') }) })
      .then(({ data }) => onDone(data), setError);
  };
  return (
    <form className="form framed" onSubmit={submit}>
      <div className="columns">
        <label>
          {words.name}
          <input name="name" required maxLength={100} autoComplete="off" />
        </label>
        <label>
          <Optional name={words.id} />
          <input name="id" pattern="[A-Za-z0-9._\-]{1,64}" title={words.idHint} autoComplete="off" />
          <span className="muted">{words.idHint}</span>
        </label>
      </div>
      <CreateEnd error={error} />
    </form>
  );
}
