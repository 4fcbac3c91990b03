import type { DownloadAttempt } from '@esim-rsp/sdk';
import { Link } from 'wouter';
import { Digits } from '../../parts/digits.tsx';
import type { Loaded } from '../../parts/load.ts';
import { Problem } from '../../parts/problem.tsx';
import { type Family, Mark } from '../../parts/state.tsx';
import { Time } from '../../parts/time.tsx';
import { useText } from '../../text/text.ts';
import { explain } from '../profile/sentence.ts';
import { type Outcome, outcomeOf, reasonOf } from './outcome.ts';

const FAMILY: Readonly<Record<Outcome, Family>> = {
  failed: 'failed',
  succeeded: 'device',
  running: 'moving',
};

/** How an attempt went: colour, shape and word. */
export function OutcomeMark({ outcome }: { outcome: Outcome }) {
  const text = useText();
  return <Mark family={FAMILY[outcome]}>{text.downloads[outcome]}</Mark>;
}

/** The download attempts of one profile. */
export function Attempts({ attempts }: { attempts: Loaded<readonly DownloadAttempt[]> }) {
  const text = useText();
  const words = text.profile;
  const { data, isLoading, error } = attempts;
  return (
    <section aria-label={words.downloads}>
      <h2>{words.downloads}</h2>
      <Problem error={error} />
      {data?.length === 0 && !isLoading && <p className="muted">{words.downloadsEmpty}</p>}
      <ol className="timeline">
        {data?.map((attempt) => (
          <Attempt key={attempt.transaction_id} attempt={attempt} />
        ))}
      </ol>
    </section>
  );
}

function Attempt({ attempt }: { attempt: DownloadAttempt }) {
  const text = useText();
  const reason = reasonOf(attempt.calls);
  const failure = reason === undefined ? undefined : explain(reason, text);
  return (
    <li>
      <Time at={attempt.opened_at} isExact />
      <span />
      <div>
        <OutcomeMark outcome={outcomeOf(attempt)} />{' '}
        <span className="muted">
          EID <Digits value={attempt.eid} />
        </span>
        {failure !== undefined && (
          <p>
            {failure.what} <span className="muted">{failure.codes}</span>
          </p>
        )}
        <p>
          <Link href={`/downloads/${attempt.transaction_id}`}>{text.downloads.show}</Link>
        </p>
      </div>
    </li>
  );
}
