import { type ApiKeyPermission, apiKeyPermissions, type NewApiKey } from '@esim-rsp/sdk';
import { type FormEvent, useState } from 'react';
import { Choice } from '../../parts/choice.tsx';
import { CreateEnd } from '../../parts/form.tsx';
import { useApi } from '../../session/session.ts';
import { useText } from '../../text/text.ts';

const DAY = 86_400_000;
const DAYS = ['30', '90', '365', ''] as const;

/** A new API key with the permissions that its program needs. */
export function NewKey({ onDone }: { onDone: (key: NewApiKey) => void }) {
  const text = useText();
  const words = text.access;
  const api = useApi();
  const [error, setError] = useState<unknown>();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const days = Number(form.get('days'));
    const name = String(form.get('name')).trim();
    setError(undefined);
    api
      .createApiKey({
        permissions: form.getAll('permission') as ApiKeyPermission[],
        ...(name !== '' && { name }),
        ...(days > 0 && { expires_at: new Date(Date.now() + days * DAY).toISOString() }),
      })
      .then(({ data }) => onDone(data), setError);
  };
  return (
    <form className="form framed" onSubmit={submit}>
      <div className="columns">
        <label>
          {words.name}
          <input name="name" required autoComplete="off" />
        </label>
        <label>
          {words.expiresIn}
          <select name="days" defaultValue="90">
            {DAYS.map((days) => (
              <option key={days} value={days}>
                {words.expiresValues[days]}
              </option>
            ))}
          </select>
        </label>
      </div>
      <fieldset>
        <legend>{words.permissions}</legend>
        {apiKeyPermissions.map((permission) => (
          <Choice
            key={permission}
            type="checkbox"
            field="permission"
            value={permission}
            isByDefault={permission === 'read'}
            name={permission}
            what={words.permission[permission]}
          />
        ))}
      </fieldset>
      <CreateEnd error={error} />
    </form>
  );
}
