import type { OverviewResponse, ProfileEvent } from '@esim-rsp/sdk';
import { euiccProfileStates } from '@esim-rsp/sdk';
import { useRef } from 'react';
import { Link, useSearchParams } from 'wouter';
import { useLive } from '../../frame/live.tsx';
import { SortedBars, StackedBars } from '../../parts/chart.tsx';
import { Digits } from '../../parts/digits.tsx';
import { useLoad } from '../../parts/load.ts';
import { useNumber } from '../../parts/numbers.ts';
import { Problem } from '../../parts/problem.tsx';
import { familyOf, Shape, State } from '../../parts/state.tsx';
import { Time } from '../../parts/time.tsx';
import { Title } from '../../parts/title.tsx';
import { useApi } from '../../session/session.ts';
import { useText, useWords } from '../../text/text.ts';
import { explain } from '../profile/sentence.ts';
import { Attention } from './attention.tsx';
import { barsOf, countsSince, OUTCOMES, type Range, ranges, startOf } from './periods.ts';
import { Stock } from './stock.tsx';

type Loaded = {
  readonly overview: OverviewResponse;
  readonly events: readonly ProfileEvent[];
  readonly range: Range;
};

/** Live events renew the numbers at most this often. */
const RENEW = 5_000;
const RECENT = 12;

/** What is in stock, what was downloaded, what failed and what will end soon. */
export function OverviewScreen() {
  const text = useText();
  const words = text.overview;
  const api = useApi();
  const [address, setAddress] = useSearchParams();
  const range = ranges.find((one) => one === address.get('range')) ?? '7d';
  const loaded = useLoad(
    async (signal): Promise<Loaded> => {
      const since = startOf(range, new Date()).toISOString();
      const [overview, events] = await Promise.all([
        api.getOverview({ since, by: 'hour' }, { signal }),
        api.listEvents({ sort: 'newest', count: RECENT }, { signal }),
      ]);
      return { overview: overview.data, events: events.data.events, range };
    },
    [range],
  );
  const renewed = useRef(0);
  useLive(() => {
    if (Date.now() - renewed.current < RENEW) return;
    renewed.current = Date.now();
    loaded.reload();
  });
  const choice = (
    <label className="inline">
      {words.range}{' '}
      <select
        value={range}
        onChange={({ target }) => setAddress(target.value === '7d' ? {} : { range: target.value })}
      >
        {ranges.map((one) => (
          <option key={one} value={one}>
            {words.ranges[one]}
          </option>
        ))}
      </select>
    </label>
  );
  const { data } = loaded;
  return (
    <>
      <Title actions={choice}>{words.title}</Title>
      <Problem error={loaded.error} onRetry={loaded.reload} />
      {data === undefined ? loaded.isLoading && <p>{text.loading}</p> : <Content {...data} />}
    </>
  );
}

function Content({ overview, events, range }: Loaded) {
  const text = useText();
  const words = text.overview;
  const write = useNumber();
  const now = new Date();
  const { profiles, types, downloads } = overview;
  const today = countsSince(downloads, new Date(now.getFullYear(), now.getMonth(), now.getDate()).getTime());
  const { counted_since: from } = downloads;
  return (
    <>
      <dl className="numbers">
        <Count name={words.profiles} value={write(profiles.total)} href="/profiles" />
        <Count name={words.today} value={write(today.all)} href="/downloads?since=24h" />
        <Count name={words.failedToday} value={write(today.failed)} href="/downloads?since=24h" />
      </dl>
      <Attention overview={overview} />
      <div className="pair">
        <Downloads downloads={downloads} range={range} now={now} />
        <Reasons downloads={downloads} range={range} />
        <States profiles={profiles} />
        <Stock types={types} hasMore={overview.more_types === true} />
      </div>
      {from !== undefined && (
        <p className="muted">
          {words.countedSince} <Time at={from} />
        </p>
      )}
      <Recent events={events} />
    </>
  );
}

type DownloadsProps = Pick<OverviewResponse, 'downloads'> & { readonly range: Range };

function Downloads({ downloads, range, now }: DownloadsProps & { now: Date }) {
  const { text, language } = useWords();
  const family = { succeeded: 'device', failed: 'failed' } as const;
  const nameOf = (start: Date) =>
    range === '24h'
      ? start.toLocaleTimeString(language, { hour: '2-digit', minute: '2-digit' })
      : start.toLocaleDateString(language, {
          day: 'numeric',
          ...(range === '7d' ? { weekday: 'short' } : { month: 'short' }),
        });
  return (
    <StackedBars
      title={text.overview.downloads}
      series={OUTCOMES.map((outcome) => ({ name: text.downloads[outcome], family: family[outcome] }))}
      stacks={barsOf(downloads, range, now).map(({ start, values }) => ({ name: nameOf(start), values }))}
    />
  );
}

function Reasons({ downloads: { reasons }, range }: DownloadsProps) {
  const text = useText();
  const words = text.overview;
  if (reasons.length === 0)
    return (
      <section className="chart">
        <h2>{words.reasons}</h2>
        <p className="muted">{words.reasonsNone}</p>
      </section>
    );
  return (
    <SortedBars
      title={words.reasons}
      family="failed"
      items={reasons.map(({ reason, count }) => {
        const { what, codes } = explain(reason, text);
        return {
          name: what,
          detail: codes,
          value: count,
          href: `/console/downloads?since=${range}&reason=${encodeURIComponent(codes)}`,
        };
      })}
    />
  );
}

function Count({ name, value, href }: { name: string; value: string; href: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <Link href={href}>{value}</Link>
      </dd>
    </div>
  );
}

function States({ profiles }: Pick<OverviewResponse, 'profiles'>) {
  const text = useText();
  const write = useNumber();
  const counts = euiccProfileStates.map((state) => [state, profiles.states[state] ?? 0] as const);
  const most = Math.max(1, ...counts.map(([, count]) => count));
  return (
    <section className="chart">
      <h2>{text.overview.states}</h2>
      <ol className="bars">
        {counts.map(([state, count]) => (
          <li key={state}>
            <Link href={`/profiles?state=${state}`}>
              <State state={state} />
            </Link>
            <span className="number">{write(count)}</span>
            <svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
              <rect className={`fill ${familyOf[state]}`} width={(100 * count) / most} height="6" />
            </svg>
          </li>
        ))}
      </ol>
    </section>
  );
}

function Recent({ events }: { events: readonly ProfileEvent[] }) {
  const text = useText();
  if (events.length === 0) return null;
  return (
    <section aria-label={text.overview.recent}>
      <h2>{text.overview.recent}</h2>
      <ol className="timeline">
        {events.map(({ id, occurred_at, type, iccid, to, reason }) => (
          <li key={id}>
            <Time at={occurred_at} />
            <Shape family={reason === undefined ? familyOf[to] : 'failed'} />
            <div>
              <strong>{text.event[type] ?? type}</strong>{' '}
              <Link href={`/profiles/${iccid}`}>
                <Digits value={iccid} />
              </Link>
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}
