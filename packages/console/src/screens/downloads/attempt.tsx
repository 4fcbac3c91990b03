import type { DownloadAttemptDetails } from '@esim-rsp/sdk';
import { Link } from 'wouter';
import { Digits } from '../../parts/digits.tsx';
import { useLoad } from '../../parts/load.ts';
import { Problem } from '../../parts/problem.tsx';
import { Time } from '../../parts/time.tsx';
import { Title } from '../../parts/title.tsx';
import { useApi } from '../../session/session.ts';
import { useText } from '../../text/text.ts';
import { explain } from '../profile/sentence.ts';
import { OutcomeMark } from './attempts.tsx';
import { Checks } from './checks.tsx';
import { outcomeOf } from './outcome.ts';

type Call = DownloadAttemptDetails['calls'][number];

/** One download attempt with every check of every call. */
export function AttemptScreen({ params: { id } }: { params: { id: string } }) {
  const text = useText();
  const api = useApi();
  const words = text.downloads;
  const loaded = useLoad(async (signal) => (await api.getDownloadAttempt(id, { signal })).data, [id]);
  const { data: attempt } = loaded;
  return (
    <>
      <Title count={attempt && <OutcomeMark outcome={outcomeOf(attempt)} />}>{words.attempt}</Title>
      {loaded.isLoading && attempt === undefined && <p>{text.loading}</p>}
      <Problem error={loaded.error} onRetry={loaded.reload} />
      {attempt !== undefined && (
        <>
          <dl className="facts">
            <div>
              <dt>{words.started}</dt>
              <dd>
                <Time at={attempt.opened_at} isExact />
              </dd>
            </div>
            {attempt.iccid !== undefined && (
              <div>
                <dt>{words.profile}</dt>
                <dd>
                  <Link href={`/profiles/${attempt.iccid}`}>
                    <Digits value={attempt.iccid} />
                  </Link>
                </dd>
              </div>
            )}
            {attempt.eid !== undefined && (
              <div>
                <dt>{words.phone}</dt>
                <dd>
                  <Link href={`/downloads?eid=${attempt.eid}`}>
                    <Digits value={attempt.eid} />
                  </Link>
                </dd>
              </div>
            )}
            <div>
              <dt>{words.transaction}</dt>
              <dd>
                <code>{attempt.transaction_id}</code>
              </dd>
            </div>
          </dl>
          {attempt.calls.map((call) => (
            <CallChecks key={`${call.function}${call.occurred_at}`} call={call} />
          ))}
        </>
      )}
    </>
  );
}

function CallChecks({ call }: { call: Call }) {
  const text = useText();
  const words = text.downloads;
  const reason = call.refused ?? call.reported ?? call.ignored;
  const failure = reason === undefined ? undefined : explain(reason, text);
  return (
    <section className="call">
      <h2>
        <code>{call.function}</code> <Time at={call.occurred_at} isExact />
      </h2>
      {failure !== undefined && (
        <div className="failure">
          <p>
            <strong>{failure.what}</strong> <span className="muted">{failure.codes}</span>
          </p>
          <p>→ {failure.advice}</p>
        </div>
      )}
      {call.checks.length === 0 ? <p className="muted">{words.noChecks}</p> : <Checks checks={call.checks} />}
    </section>
  );
}
