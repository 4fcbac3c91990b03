import type { Upstream } from '@esim-rsp/sdk';
import { useState } from 'react';
import { Link, useLocation } from 'wouter';
import { type Column, ExportButton } from '../../parts/column.tsx';
import { useLoad } from '../../parts/load.ts';
import { useNumber } from '../../parts/numbers.ts';
import { Problem } from '../../parts/problem.tsx';
import { Mark } from '../../parts/state.tsx';
import { Table } from '../../parts/table.tsx';
import { Title } from '../../parts/title.tsx';
import { useApi, useMay } from '../../session/session.ts';
import { useText } from '../../text/text.ts';
import { UpstreamForm } from './upstream-form.tsx';

/** Other SM-DP+, at which profiles are ordered. */
export function UpstreamsScreen() {
  const text = useText();
  const isAdmin = useMay('admin');
  if (isAdmin) return <Upstreams />;
  return (
    <>
      <Title>{text.upstreams.title}</Title>
      <p className="empty">{text.problem.forbidden}</p>
    </>
  );
}

function Upstreams() {
  const text = useText();
  const words = text.upstreams;
  const api = useApi();
  const [, navigate] = useLocation();
  const [isNew, setIsNew] = useState(false);
  const loaded = useLoad(async (signal) => (await api.listUpstreams({ signal })).data.upstreams, []);
  const { data: rows } = loaded;
  const shown = useColumns();
  return (
    <>
      <Title
        actions={
          <>
            <button type="button" aria-expanded={isNew} onClick={() => setIsNew(!isNew)}>
              {words.new}
            </button>
            <ExportButton name="upstreams" columns={shown} rows={rows ?? []} />
          </>
        }
      >
        {words.title}
      </Title>
      <p className="muted">{words.what}</p>
      {isNew && (
        <UpstreamForm
          onSave={async (request) => {
            const { data } = await api.createUpstream(request);
            navigate(`/upstreams/${encodeURIComponent(data.name)}`);
          }}
        />
      )}
      <Problem error={loaded.error} onRetry={loaded.reload} />
      {loaded.isLoading && rows === undefined && <p>{text.loading}</p>}
      {rows?.length === 0 && !isNew && <p className="empty">{words.empty}</p>}
      {rows !== undefined && rows.length > 0 && (
        <Table label={words.title} rows={rows} columns={shown} idOf={({ name }) => name} />
      )}
    </>
  );
}

const SOON_DAYS = 30;

function useColumns(): Column<Upstream>[] {
  const words = useText().upstreams;
  const write = useNumber();
  return [
    {
      title: words.name,
      value: ({ name }) => name,
      cell: ({ name }) => <Link href={`/upstreams/${encodeURIComponent(name)}`}>{name}</Link>,
    },
    { title: words.url, value: ({ url }) => url },
    { title: words.smdpAddress, value: ({ smdp_address }) => smdp_address },
    {
      title: words.certificate,
      value: (upstream) => upstream.client_certificate.not_after,
      cell: ({ client_certificate: { days_left } }) => (
        <Mark family={days_left < SOON_DAYS ? 'failed' : 'device'}>
          {days_left < 0 ? words.expired : words.daysLeft(write(days_left))}
        </Mark>
      ),
    },
  ];
}
