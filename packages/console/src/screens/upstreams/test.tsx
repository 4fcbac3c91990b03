import type { UpstreamTestResult } from '@esim-rsp/sdk';
import { useState } from 'react';
import { Problem } from '../../parts/problem.tsx';
import { Mark } from '../../parts/state.tsx';
import { useApi } from '../../session/session.ts';
import { useText } from '../../text/text.ts';

/** Tries the connection, and shows each check with what to do. */
export function Test({ name }: { name: string }) {
  const text = useText();
  const words = text.upstreams;
  const api = useApi();
  const [result, setResult] = useState<UpstreamTestResult>();
  const [error, setError] = useState<unknown>();
  const [isBusy, setIsBusy] = useState(false);
  const run = async () => {
    setError(undefined);
    setIsBusy(true);
    try {
      setResult((await api.testUpstream(name)).data);
    } catch (problem) {
      setError(problem);
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <section aria-label={words.test}>
      <div className="title">
        <h2>{words.test}</h2>
        <div className="actions">
          <button type="button" className="primary" onClick={run} disabled={isBusy}>
            {isBusy ? words.testing : words.testNow}
          </button>
        </div>
      </div>
      <Problem error={error} />
      {result === undefined ? (
        <p className="muted">{words.testWhat}</p>
      ) : (
        <>
          <p role="status">{result.ok ? words.testGood : words.testBad}</p>
          <ol className="timeline">
            {result.checks.map(({ check, ok, message }) => (
              <li key={check}>
                <Mark family={ok ? 'device' : 'failed'}>{words.checks[check]}</Mark>
                <span />
                <div>{message}</div>
              </li>
            ))}
          </ol>
        </>
      )}
    </section>
  );
}
