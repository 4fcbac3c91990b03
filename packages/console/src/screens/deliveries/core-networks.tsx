import type { CoreNetwork } from '@esim-rsp/sdk';
import { Link } from 'wouter';
import type { Column } from '../../parts/column.tsx';
import { useLoad } from '../../parts/load.ts';
import { Problem } from '../../parts/problem.tsx';
import { Mark } from '../../parts/state.tsx';
import { Table } from '../../parts/table.tsx';
import { Time } from '../../parts/time.tsx';
import { Title } from '../../parts/title.tsx';
import { useApi } from '../../session/session.ts';
import type { Text } from '../../text/en.ts';
import { useText } from '../../text/text.ts';
import { DeliveryList } from './delivery-list.tsx';

/** The core networks that get subscriptions; nothing if there is none. */
export function CoreNetworks() {
  const words = useText().deliveries;
  const api = useApi();
  const loaded = useLoad(async (signal) => (await api.listCoreNetworks({ signal })).data.core_networks, []);
  const { data: rows, error } = loaded;
  if (error === undefined && (rows === undefined || rows.length === 0)) return undefined;
  return (
    <section>
      <div className="title">
        <h2>{words.coreNetworks}</h2>
      </div>
      <Problem error={error} onRetry={loaded.reload} />
      {rows !== undefined && (
        <Table label={words.coreNetworks} rows={rows} columns={columns(words)} idOf={({ name }) => name} />
      )}
    </section>
  );
}

function columns(words: Text['deliveries']): Column<CoreNetwork>[] {
  return [
    {
      title: words.name,
      value: ({ name }) => name,
      cell: ({ name }) => <Link href={`/deliveries/core/${encodeURIComponent(name)}`}>{name}</Link>,
    },
    {
      title: words.state,
      value: ({ failing_since }) => (failing_since === undefined ? 'works' : 'failing'),
      cell: (core) => <CoreState core={core} />,
    },
    { title: words.kind, value: ({ kind }) => kind },
    { title: words.url, value: ({ url, file }) => url ?? file },
  ];
}

/** Whether it takes subscriptions, and since when not. */
function CoreState({ core: { failing_since: since, last_error: error } }: { core: CoreNetwork }) {
  const words = useText().deliveries;
  if (since === undefined) return <Mark family="device">{words.works}</Mark>;
  return (
    <>
      <Mark family="failed">{words.failing}</Mark> <Time at={since} /> <span className="muted">{error}</span>
    </>
  );
}

/** One core network with its deliveries. */
export function CoreNetworkScreen({ params: { name } }: { params: { name: string } }) {
  const words = useText().deliveries;
  const api = useApi();
  const loaded = useLoad(async (signal) => (await api.getCoreNetwork(name, { signal })).data, [name]);
  const { data: core } = loaded;
  return (
    <>
      <Title name={name} count={core && <CoreState core={core} />}>
        {words.coreNetworks}
      </Title>
      <Problem error={loaded.error} onRetry={loaded.reload} />
      <DeliveryList
        id={name}
        load={async (filter, signal) => (await api.listCoreDeliveries(name, filter, { signal })).data}
        replay={(delivery) => api.replayCoreDelivery(name, delivery)}
      />
    </>
  );
}
