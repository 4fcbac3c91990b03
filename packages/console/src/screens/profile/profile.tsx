import type { GetEUICCProfileResponse, PendingOperation, ProfileEvent } from '@esim-rsp/sdk';
import { useState } from 'react';
import { Link } from 'wouter';
import { useLive } from '../../frame/live.tsx';
import { Copy } from '../../parts/copy.tsx';
import { Digits } from '../../parts/digits.tsx';
import { Facts } from '../../parts/facts.tsx';
import { useLoad, usePages } from '../../parts/load.ts';
import { Problem } from '../../parts/problem.tsx';
import { State } from '../../parts/state.tsx';
import { Time } from '../../parts/time.tsx';
import { relative } from '../../parts/time-words.ts';
import { Title } from '../../parts/title.tsx';
import { useApi, useMay } from '../../session/session.ts';
import { useText, useWords } from '../../text/text.ts';
import { Attempts } from '../downloads/attempts.tsx';
import { OperationState } from '../operations/operation-state.tsx';
import { Actions } from './actions.tsx';
import { Code } from './code.tsx';
import { Help, useHelp } from './help.tsx';
import { Secrets } from './secrets.tsx';
import { type Failure, lastFailure, whereIs } from './sentence.ts';
import { Timeline } from './timeline.tsx';

/** One profile: where it is, what failed last, what can be done, and what happened. */
export function ProfileScreen({ params: { iccid } }: { params: { iccid: string } }) {
  const text = useText();
  const api = useApi();
  const isSupport = useMay('support');
  const loaded = useLoad(async (signal) => (await api.getEUICCProfile(iccid, { signal })).data, [iccid]);
  const attempts = useLoad(
    async (signal) => (await api.listDownloadAttempts({ iccid, count: 50 }, { signal })).data.attempts,
    [iccid],
  );
  const events = usePages<ProfileEvent>(
    async (cursor, signal) => {
      const request = { sort: 'newest' as const, count: 50, ...(cursor !== undefined && { cursor }) };
      const { data } = await api.getEUICCProfileHistory(iccid, request, { signal });
      return { rows: data.events, next: data.more ? data.next_cursor : undefined };
    },
    [iccid],
  );
  const [answers, setAnswers] = useState(0);
  const asked = useHelp(iccid, events.rows, answers);
  const reload = () => {
    setAnswers((before) => before + 1);
    loaded.reload();
    attempts.reload();
    events.reload();
  };
  useLive((live) => {
    if (live.some((event) => event.iccid === iccid)) reload();
  });
  const { data: profile } = loaded;
  if (profile === undefined)
    return (
      <>
        <Title>{text.profile.title(iccid)}</Title>
        {loaded.isLoading ? <p>{text.loading}</p> : <Problem error={loaded.error} onRetry={loaded.reload} />}
      </>
    );
  const failure = lastFailure(profile, events.rows, attempts.data ?? [], text);
  return (
    <>
      <Title
        name={<Digits value={iccid} />}
        count={<State state={profile.state} />}
        actions={<Copy value={iccid} />}
      >
        {text.profile.title(iccid)}
      </Title>
      <div className="profile">
        <div>
          {profile.pending_operation && <Pending operation={profile.pending_operation} />}
          <Now profile={profile} attempts={attempts.data?.length} failure={failure} />
          {asked !== undefined && <Help asked={asked} />}
          <Actions profile={profile} onDone={reload} />
        </div>
        <aside>
          <Code profile={profile} onLink={() => setAnswers((before) => before + 1)} />
          <ProfileFacts profile={profile} />
          {isSupport && <Secrets iccid={iccid} />}
        </aside>
        <div className="past">
          <Timeline events={events} />
          {profile.upstream === undefined && <Attempts attempts={attempts} />}
        </div>
      </div>
    </>
  );
}

type NowProps = {
  readonly profile: GetEUICCProfileResponse;
  readonly attempts: number | undefined;
  readonly failure: Failure | undefined;
};

function Now({ profile, attempts, failure }: NowProps) {
  const { text, language } = useWords();
  const when = (at: string) => relative(new Date(at), new Date(), language);
  return (
    <section className="now" aria-label={text.profile.now}>
      <p>{whereIs(profile, attempts, text.profile, when).join(' ')}</p>
      {failure !== undefined && (
        <div className="failure">
          <p>
            {failure.at !== undefined && text.profile.failed(when(failure.at))}{' '}
            <strong>{failure.what}</strong> <span className="muted">{failure.codes}</span>
          </p>
          <p>→ {failure.advice}</p>
        </div>
      )}
    </section>
  );
}

/** What was requested from its upstream and has not ended. */
function Pending({ operation }: { operation: PendingOperation }) {
  const text = useText();
  const words = text.operations;
  const { id, state, last_error: error } = operation;
  return (
    <section className="pending" aria-label={words.one}>
      <p>
        <OperationState state={state} /> {words.pending(words.kinds[operation.operation])} ·{' '}
        <Time at={operation.since} /> · <Link href={`/operations/${id}`}>{words.pendingShow}</Link>
      </p>
      {error !== undefined && <p className="muted">{error}</p>}
    </section>
  );
}

function ProfileFacts({ profile }: { profile: GetEUICCProfileResponse }) {
  const text = useText();
  const names = text.profile.factNames;
  const { eid, imsi, msisdn, last_notification_at: notified } = profile;
  const facts = [
    [names.phone, msisdn && <span className="number">{msisdn}</span>],
    [names.imsi, imsi],
    [names.eid, eid && <Digits value={eid} />],
    [names.type, profile.profile_type],
    [names.name, profile.profile_name],
    [names.provider, profile.service_provider_name],
    [names.upstream, profile.upstream],
    [names.address, profile.smdp_address],
    [names.notified, notified && <Time at={notified} />],
  ] as const;
  return (
    <section aria-label={text.profile.facts}>
      <h2>{text.profile.facts}</h2>
      <Facts facts={facts} />
    </section>
  );
}
