import type { Upstream } from '@esim-rsp/sdk';
import { useState } from 'react';
import { Link } from 'wouter';
import { DeleteButton } from '../../parts/delete-button.tsx';
import { Facts } from '../../parts/facts.tsx';
import { useLoad } from '../../parts/load.ts';
import { useNumber } from '../../parts/numbers.ts';
import { Problem } from '../../parts/problem.tsx';
import { Title } from '../../parts/title.tsx';
import { useApi } from '../../session/session.ts';
import { useText } from '../../text/text.ts';
import { Capabilities } from './capabilities.tsx';
import { usePointsText } from './points.tsx';
import { Test } from './test.tsx';
import { Types } from './types.tsx';
import { UpstreamForm } from './upstream-form.tsx';

/** One upstream: its settings, a test of the connection, the types that come from it, and what can be done with its profiles. */
export function UpstreamScreen({ params: { name } }: { params: { name: string } }) {
  const text = useText();
  const words = text.upstreams;
  const api = useApi();
  const [isEdited, setIsEdited] = useState(false);
  const loaded = useLoad(async (signal) => (await api.getUpstream(name, { signal })).data, [name]);
  const { data: upstream } = loaded;
  const save = async (request: Parameters<typeof api.updateUpstream>[1]) => {
    await api.updateUpstream(name, request);
    setIsEdited(false);
    loaded.reload();
  };
  return (
    <>
      <Title
        name={name}
        actions={
          upstream && (
            <>
              <Link className="button" href={`/operations?upstream=${encodeURIComponent(name)}`}>
                {text.operations.title}
              </Link>
              <button type="button" aria-expanded={isEdited} onClick={() => setIsEdited(!isEdited)}>
                {words.change}
              </button>
              <DeleteButton
                title={words.deleteAsk}
                what={words.deleteWhat}
                remove={() => api.deleteUpstream(name)}
                next="/upstreams"
              />
            </>
          )
        }
      >
        {words.title}
      </Title>
      <Problem error={loaded.error} onRetry={loaded.reload} />
      {loaded.isLoading && upstream === undefined && <p>{text.loading}</p>}
      {upstream && (
        <>
          {isEdited ? (
            <UpstreamForm upstream={upstream} onSave={save} />
          ) : (
            <UpstreamFacts upstream={upstream} />
          )}
          <Test name={name} />
          <Types name={name} />
          <Capabilities upstream={upstream} />
        </>
      )}
    </>
  );
}

function UpstreamFacts({ upstream }: { upstream: Upstream }) {
  const text = useText();
  const words = text.upstreams;
  const write = useNumber();
  const { client_certificate: own, ca, callback } = upstream;
  const points = usePointsText(upstream);
  const facts = [
    [words.url, upstream.url],
    [words.smdpAddress, upstream.smdp_address],
    [words.requester, upstream.requester_identifier],
    [
      words.certificate,
      `${own.subject} · ${own.days_left < 0 ? words.expired : words.daysLeft(write(own.days_left))}`,
    ],
    [words.trusts, ca.length === 0 ? words.publicCas : ca.join('; ')],
    [words.reportsBy, callback.length === 0 ? words.reportsNothing : callback.join('; ')],
    [words.points, points],
    ['X-Admin-Protocol', upstream.admin_protocol],
    [words.limits, words.callsAtOnce(write(upstream.concurrency), write(upstream.timeout_seconds))],
    [words.takesBack, words.takesBackValues[upstream.takes_back]],
    [words.statusCall, upstream.status_call === 'none' ? words.noStatusCall : upstream.status_call],
    [words.repeats, upstream.repeats_answers ? words.repeatsYes : words.repeatsNo],
    [words.padding, words.paddingValues[upstream.iccid_padding]],
  ] as const;
  return <Facts facts={facts} />;
}
