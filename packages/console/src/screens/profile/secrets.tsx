import type { EUICCProfileSecretsResponse } from '@esim-rsp/sdk';
import { useState } from 'react';
import { Problem } from '../../parts/problem.tsx';
import { useApi } from '../../session/session.ts';
import { useText } from '../../text/text.ts';

/** PIN and PUK on request: the server records who reads them. */
export function Secrets({ iccid }: { iccid: string }) {
  const text = useText();
  const api = useApi();
  const [secrets, setSecrets] = useState<EUICCProfileSecretsResponse>();
  const [error, setError] = useState<unknown>();
  const show = () =>
    api
      .readEUICCProfileSecrets(iccid, { kinds: ['pin', 'puk'] })
      .then(({ data }) => setSecrets(data), setError);
  return (
    <section className="secrets" aria-label={text.profile.secrets}>
      <h2>{text.profile.secrets}</h2>
      {secrets === undefined ? (
        <>
          <p className="muted">{text.profile.secretsWhat}</p>
          <button type="button" onClick={show}>
            {text.profile.secretsShow}
          </button>
        </>
      ) : (
        <>
          <dl>
            {(['pin1', 'puk1', 'pin2', 'puk2'] as const).map((name) => (
              <div key={name}>
                <dt>{name.toUpperCase()}</dt>
                <dd className="number">{secrets[name] ?? text.none}</dd>
              </div>
            ))}
          </dl>
          <button type="button" className="small" onClick={() => setSecrets(undefined)}>
            {text.hide}
          </button>
        </>
      )}
      <Problem error={error} />
    </section>
  );
}
