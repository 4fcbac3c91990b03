import { ApiError } from '@esim-rsp/sdk';
import { type FormEvent, useState } from 'react';
import { useLoad } from '../../parts/load.ts';
import { PasskeyTable } from '../../parts/passkey-table.tsx';
import { Problem } from '../../parts/problem.tsx';
import { createPasskey, hasPasskeys } from '../../session/passkeys.ts';
import { useApi, useSigned } from '../../session/session.ts';
import { useText } from '../../text/text.ts';
import { browserIn } from './browser.ts';

type State = 'idle' | 'busy' | 'declined' | 'stale';

/** The passkeys of the person who has signed in. */
export function OwnPasskeys() {
  const words = useText().passkeys;
  const api = useApi();
  const loaded = useLoad(async (signal) => {
    const [own, options] = await Promise.all([
      api.listPasskeys({ signal }),
      api.getSignInOptions({ signal }),
    ]);
    return { passkeys: own.data.passkeys, isPossible: options.data.passkeys && hasPasskeys };
  }, []);
  const { data } = loaded;
  return (
    <section>
      <h2>{words.title}</h2>
      <p className="muted">{words.lead}</p>
      <Problem error={loaded.error} onRetry={loaded.reload} />
      {data !== undefined && (
        <>
          {data.passkeys.length > 0 && (
            <PasskeyTable
              passkeys={data.passkeys}
              remove={(id) => api.deletePasskey(id)}
              onChange={loaded.reload}
            />
          )}
          {data.isPossible ? (
            <NewPasskey onDone={loaded.reload} />
          ) : (
            <p className="empty">{words.impossible}</p>
          )}
        </>
      )}
    </section>
  );
}

function NewPasskey({ onDone }: { onDone: () => void }) {
  const text = useText();
  const words = text.passkeys;
  const api = useApi();
  const { signOut } = useSigned();
  const [state, setState] = useState<State>('idle');
  const [error, setError] = useState<unknown>();
  const create = async (name: string): Promise<State> => {
    const request = await createPasskey(api, name);
    if (request === undefined) return 'declined';
    await api.createPasskey(request, { retries: 0 });
    onDone();
    return 'idle';
  };
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get('name')).trim();
    setError(undefined);
    setState('busy');
    create(name).then(setState, (problem: unknown) => {
      const isStale = problem instanceof ApiError && problem.code === 'sign_in_again';
      setState(isStale ? 'stale' : 'idle');
      if (!isStale) setError(problem);
    });
  };
  return (
    <form className="form framed" onSubmit={submit}>
      <label>
        {words.name}
        <input
          name="name"
          required
          maxLength={100}
          autoComplete="off"
          defaultValue={browserIn(navigator.userAgent)}
        />
      </label>
      <Problem error={error} />
      {state === 'declined' && <p role="status">{words.declined}</p>}
      {state === 'stale' && (
        <p role="status">
          {words.stale}{' '}
          <button type="button" className="small" onClick={signOut}>
            {text.account.signOut}
          </button>
        </p>
      )}
      <div className="actions">
        <button type="submit" className="primary" disabled={state === 'busy'}>
          {words.create}
        </button>
      </div>
    </form>
  );
}
