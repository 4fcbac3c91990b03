import type { UpstreamOperation } from '@esim-rsp/sdk';
import { useState } from 'react';
import { Problem } from '../../parts/problem.tsx';
import { useApi, useMay } from '../../session/session.ts';
import { useText } from '../../text/text.ts';

type Props = { readonly operation: UpstreamOperation; readonly onDone: () => void };

/** Tries an operation again now, for example when its upstream is back. */
export function Retry({ operation: { id }, onDone }: Props) {
  const words = useText().operations;
  const api = useApi();
  const mayRetry = useMay('care');
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  if (!mayRetry) return null;
  const retry = () => {
    setBusy(true);
    setError(undefined);
    api
      .retryOperation(id)
      .then(onDone, setError)
      .finally(() => setBusy(false));
  };
  return (
    <>
      <Problem error={error} />
      <div className="actions">
        <button type="button" onClick={retry} disabled={isBusy}>
          {words.retry}
        </button>
        <span className="muted">{words.retryWhat}</span>
      </div>
    </>
  );
}
