import type { UpstreamOperation } from '@esim-rsp/sdk';
import { Link, useSearchParams } from 'wouter';
import { useLive } from '../../frame/live.tsx';
import { type Column, ExportButton } from '../../parts/column.tsx';
import { Digits } from '../../parts/digits.tsx';
import { usePages } from '../../parts/load.ts';
import { useNumber } from '../../parts/numbers.ts';
import { Rows } from '../../parts/rows.tsx';
import { Time } from '../../parts/time.tsx';
import { Title } from '../../parts/title.tsx';
import { useApi } from '../../session/session.ts';
import { useText } from '../../text/text.ts';
import { OperationFilters } from './filters.tsx';
import { OperationError, OperationState } from './operation-state.tsx';

/** What was requested from upstreams, filtered by what the address says. */
export function OperationsScreen() {
  const text = useText();
  const words = text.operations;
  const api = useApi();
  const write = useNumber();
  const [address] = useSearchParams();
  const filter = Object.fromEntries(
    (['state', 'operation', 'upstream', 'iccid'] as const).flatMap((name) => {
      const value = address.get(name);
      return value ? [[name, value]] : [];
    }),
  );
  const pages = usePages<UpstreamOperation>(
    async (cursor, signal) => {
      const request = { count: 100, ...filter, ...(cursor !== undefined && { cursor }) };
      const { data } = await api.listOperations(request, { signal });
      return { rows: data.operations, next: data.next_cursor };
    },
    [address.toString()],
  );
  useLive((events) => {
    if (events.some(({ operation }) => operation !== undefined)) pages.reload();
  });
  const shown = useColumns();
  const isEmpty = pages.rows.length === 0 && !pages.isLoading && pages.error === undefined;
  return (
    <>
      <Title
        count={text.count(write(pages.rows.length))}
        actions={<ExportButton name="operations" columns={shown} rows={pages.rows} />}
      >
        {words.title}
      </Title>
      <p className="muted">{words.what}</p>
      <OperationFilters />
      {isEmpty ? (
        <div className="empty">
          <p>{words.empty}</p>
          <p className="muted">{words.emptyFirst}</p>
        </div>
      ) : (
        <Rows label={words.title} pages={pages} columns={shown} idOf={({ id }) => id} />
      )}
    </>
  );
}

function useColumns(): Column<UpstreamOperation>[] {
  const words = useText().operations;
  return [
    {
      title: words.requested,
      on: 'main',
      width: '8.5rem',
      value: ({ requested_at }) => requested_at,
      cell: ({ id, requested_at }) => (
        <Link href={`/operations/${id}`}>
          <Time at={requested_at} />
        </Link>
      ),
    },
    { title: words.operation, width: '9rem', value: ({ operation }) => words.kinds[operation] },
    {
      title: words.state,
      width: '8.5rem',
      value: ({ state }) => words.states[state],
      cell: ({ state }) => <OperationState state={state} />,
    },
    {
      title: words.profile,
      width: '15.5rem',
      value: ({ iccid, profile_type }) => iccid ?? profile_type,
      cell: ({ iccid, profile_type }) =>
        iccid === undefined ? (
          profile_type
        ) : (
          <Link href={`/profiles/${iccid}`}>
            <Digits value={iccid} />
          </Link>
        ),
    },
    { title: words.upstream, on: 'wide', width: '8rem', value: ({ upstream }) => upstream },
    {
      title: words.error,
      value: ({ error }) =>
        error && `${error.message} ${error.subject_code ?? ''}/${error.reason_code ?? ''}`,
      cell: ({ error }) => error && <OperationError error={error} />,
    },
  ];
}
