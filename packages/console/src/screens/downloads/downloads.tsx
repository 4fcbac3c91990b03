import type { DownloadAttempt, RefusedCall } from '@esim-rsp/sdk';
import { Link, useSearchParams } from 'wouter';
import { type Item, SortedBars } from '../../parts/chart.tsx';
import { type Column, ExportButton } from '../../parts/column.tsx';
import { Digits, EidDigits } from '../../parts/digits.tsx';
import { useLoad, usePages } from '../../parts/load.ts';
import { useNumber } from '../../parts/numbers.ts';
import { Problem } from '../../parts/problem.tsx';
import { Rows } from '../../parts/rows.tsx';
import { Table } from '../../parts/table.tsx';
import { Time } from '../../parts/time.tsx';
import { Title } from '../../parts/title.tsx';
import { useApi, useMay } from '../../session/session.ts';
import { useText } from '../../text/text.ts';
import { explain } from '../profile/sentence.ts';
import { OutcomeMark } from './attempts.tsx';
import { DownloadFilters } from './filters.tsx';
import { outcomeOf, reasonOf } from './outcome.ts';

const DAYS = { '24h': 1, '7d': 7, '30d': 30 } as const;
const DAY = 86_400_000;

/** The download attempts of all profiles, filtered, with their reasons. */
export function DownloadsScreen() {
  const text = useText();
  const words = text.downloads;
  const api = useApi();
  const isSupport = useMay('support');
  const write = useNumber();
  const [address] = useSearchParams();
  const filter = (name: string) => address.get(name) || undefined;
  const days = DAYS[filter('since') as keyof typeof DAYS];
  const [eid, iccid, reason] = [filter('eid'), filter('iccid'), filter('reason')];
  const pages = usePages<DownloadAttempt>(
    async (cursor, signal) => {
      const since = days === undefined ? undefined : new Date(Date.now() - days * DAY).toISOString();
      const request = {
        count: 100,
        ...(cursor !== undefined && { cursor }),
        ...(eid !== undefined && { eid }),
        ...(iccid !== undefined && { iccid }),
        ...(reason !== undefined && { reason }),
        ...(since !== undefined && { since }),
      };
      const { data } = await api.listDownloadAttempts(request, { signal });
      return { rows: data.attempts, next: data.next_cursor, limited: data.search_limited === true };
    },
    [address.toString()],
  );
  const { rows } = pages;
  const isEmpty = rows.length === 0 && !pages.isLoading && pages.error === undefined;
  const shown = columns(text);
  return (
    <>
      <Title
        count={text.count(write(rows.length))}
        actions={<ExportButton name="downloads" columns={shown} rows={rows} />}
      >
        {words.title}
      </Title>
      <DownloadFilters />
      {isEmpty ? (
        <div className="empty">
          <p>{words.empty}</p>
          <p className="muted">{words.emptyFirst}</p>
        </div>
      ) : (
        <>
          <Summary attempts={rows} />
          <Rows
            label={words.title}
            pages={pages}
            columns={shown}
            idOf={({ transaction_id }) => transaction_id}
          />
        </>
      )}
      {isSupport && <Refused />}
    </>
  );
}

function columns(text: ReturnType<typeof useText>): Column<DownloadAttempt>[] {
  const words = text.downloads;
  const why = ({ calls }: DownloadAttempt) => {
    const reason = reasonOf(calls);
    return reason && explain(reason, text);
  };
  return [
    {
      title: words.started,
      on: 'main',
      width: '8.5rem',
      value: ({ opened_at }) => opened_at,
      cell: ({ transaction_id, opened_at }) => (
        <Link href={`/downloads/${transaction_id}`}>
          <Time at={opened_at} />
        </Link>
      ),
    },
    {
      title: words.outcome,
      width: '8.5rem',
      value: (attempt) => outcomeOf(attempt),
      cell: (attempt) => <OutcomeMark outcome={outcomeOf(attempt)} />,
    },
    {
      title: words.profile,
      width: '15.5rem',
      value: ({ iccid }) => iccid,
      cell: ({ iccid }) => (
        <Link href={`/profiles/${iccid}`}>
          <Digits value={iccid} />
        </Link>
      ),
    },
    {
      title: words.phone,
      on: 'wide',
      width: 'var(--eid)',
      value: ({ eid }) => eid,
      cell: ({ eid }) => <EidDigits value={eid} />,
    },
    {
      title: words.reason,
      value: (attempt) => {
        const found = why(attempt);
        return found && `${found.what} ${found.codes}`;
      },
      cell: (attempt) => {
        const found = why(attempt);
        return (
          found && (
            <span title={found.what}>
              {found.what} <span className="muted">{found.codes}</span>
            </span>
          )
        );
      },
    },
  ];
}

/** The first digits of an EID name the maker of the eUICC. */
const MAKER_DIGITS = 8;

function Summary({ attempts }: { attempts: readonly DownloadAttempt[] }) {
  const text = useText();
  const words = text.downloads;
  const failed = attempts.filter((attempt) => reasonOf(attempt.calls) !== undefined);
  if (failed.length === 0) return null;
  const reasons = count(failed, ({ calls }) => {
    const reason = reasonOf(calls);
    return reason && `${reason.subject_code}/${reason.reason_code}`;
  });
  const named: Item[] = reasons.map(({ name, value }) => {
    const sample = failed
      .map(({ calls }) => reasonOf(calls))
      .find((one) => one && `${one.subject_code}/${one.reason_code}` === name);
    const what = sample && explain(sample, text).what;
    return {
      name: what ?? name,
      value,
      detail: name,
      href: `/console/downloads?reason=${encodeURIComponent(name)}`,
    };
  });
  return (
    <div className="pair">
      <SortedBars title={words.byReason} items={named} family="failed" />
      <SortedBars
        title={words.byMaker}
        items={count(failed, ({ eid }) => eid.slice(0, MAKER_DIGITS))}
        family="failed"
      />
    </div>
  );
}

function count<T>(
  rows: readonly T[],
  keyOf: (row: T) => string | undefined,
): { name: string; value: number }[] {
  const counts = new Map<string, number>();
  for (const row of rows) {
    const key = keyOf(row);
    if (key !== undefined) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return Array.from(counts, ([name, value]) => ({ name, value }));
}

/** Calls of phones that no account is known for. */
function Refused() {
  const text = useText();
  const words = text.downloads;
  const api = useApi();
  const loaded = useLoad(
    async (signal) => (await api.listRefusedCalls({ count: 50 }, { signal })).data.calls,
    [],
  );
  const shown: Column<RefusedCall>[] = [
    {
      title: words.when,
      value: ({ occurred_at }) => occurred_at,
      cell: ({ occurred_at }) => <Time at={occurred_at} />,
    },
    { title: words.function, value: (call) => call.function },
    { title: words.network, value: ({ network }) => network },
    {
      title: words.reason,
      value: ({ refused }) => explain(refused, text).what,
      cell: ({ refused }) => {
        const { what, codes } = explain(refused, text);
        return (
          <>
            {what} <span className="muted">{codes}</span>
          </>
        );
      },
    },
  ];
  const calls = loaded.data ?? [];
  if (calls.length === 0 && loaded.error === undefined) return null;
  return (
    <section>
      <div className="title">
        <h2>{words.refusedTitle}</h2>
        <div className="actions">
          <ExportButton name="refused-calls" columns={shown} rows={calls} />
        </div>
      </div>
      <p className="muted">{words.refusedText}</p>
      <Problem error={loaded.error} onRetry={loaded.reload} />
      <Table
        label={words.refusedTitle}
        rows={calls}
        columns={shown}
        idOf={(call) => `${call.occurred_at}${call.transaction_id}${call.function}`}
      />
    </section>
  );
}
