import type { CoreDelivery, OperatorDelivery, WebhookDelivery } from '@esim-rsp/sdk';
import { useState } from 'react';
import { Link, useSearchParams } from 'wouter';
import { type Column, ExportButton } from '../../parts/column.tsx';
import { Digits } from '../../parts/digits.tsx';
import { type Page, usePages } from '../../parts/load.ts';
import { Problem } from '../../parts/problem.tsx';
import { Rows } from '../../parts/rows.tsx';
import { type Family, Mark } from '../../parts/state.tsx';
import { Time } from '../../parts/time.tsx';
import { useText } from '../../text/text.ts';

export type Delivery = WebhookDelivery | OperatorDelivery | CoreDelivery;
type Filter = { readonly count: number; readonly state?: Delivery['state']; readonly cursor?: string };

type Props = {
  readonly id: string;
  readonly load: (
    filter: Filter,
    signal: AbortSignal,
  ) => Promise<{ deliveries: Delivery[]; next_cursor?: string; search_limited?: boolean }>;
  readonly replay: (id: number) => Promise<unknown>;
};

const FAMILY: Readonly<Record<Delivery['state'], Family>> = {
  pending: 'moving',
  delivered: 'device',
  failed: 'failed',
  skipped: 'ended',
};

/** The deliveries of a webhook, an operator or a core network, those that are stuck on request, each of which can be sent again. */
export function DeliveryList({ id, load, replay }: Props) {
  const text = useText();
  const words = text.deliveries;
  const [address, setAddress] = useSearchParams();
  const state = (address.get('state') || undefined) as Delivery['state'] | undefined;
  const [error, setError] = useState<unknown>();
  const pages = usePages<Delivery>(
    async (cursor, signal): Promise<Page<Delivery>> => {
      const filter = { count: 100, ...(state && { state }), ...(cursor !== undefined && { cursor }) };
      const data = await load(filter, signal);
      return { rows: data.deliveries, next: data.next_cursor, limited: data.search_limited === true };
    },
    [id, state],
  );
  const again = (delivery: Delivery) => {
    setError(undefined);
    replay(delivery.id).then(pages.reload, setError);
  };
  const shown = useColumns(again);
  const isEmpty = pages.rows.length === 0 && !pages.isLoading && pages.error === undefined;
  return (
    <section>
      <div className="title">
        <h2>{words.list}</h2>
        <label className="inline">
          {words.state}{' '}
          <select
            value={state ?? ''}
            onChange={({ target }) => setAddress(target.value === '' ? {} : { state: target.value })}
          >
            <option value="">{words.all}</option>
            {(Object.keys(FAMILY) as Delivery['state'][]).map((one) => (
              <option key={one} value={one}>
                {words.states[one]}
              </option>
            ))}
          </select>
        </label>
        <div className="actions">
          <ExportButton name="deliveries" columns={shown} rows={pages.rows} />
        </div>
      </div>
      <Problem error={error} />
      {isEmpty ? (
        <p className="empty">{words.listEmpty}</p>
      ) : (
        <Rows label={words.list} pages={pages} columns={shown} idOf={(row) => String(row.id)} />
      )}
    </section>
  );
}

function useColumns(again: (delivery: Delivery) => void): Column<Delivery>[] {
  const text = useText();
  const words = text.deliveries;
  return [
    {
      title: words.event,
      on: 'main',
      value: ({ type }) => type,
      cell: ({ type }) => text.event[type] ?? words.actions[type] ?? type,
    },
    {
      title: words.state,
      value: ({ state }) => state,
      cell: ({ state }) => <Mark family={FAMILY[state]}>{words.states[state]}</Mark>,
    },
    {
      title: words.profile,
      value: ({ iccid }) => iccid,
      cell: ({ iccid }) =>
        iccid && (
          <Link href={`/profiles/${iccid}`}>
            <Digits value={iccid} />
          </Link>
        ),
    },
    { title: words.attempts, on: 'wide', align: 'end', value: ({ attempts }) => attempts },
    {
      title: words.last,
      on: 'wide',
      value: (row) => row.last_attempt_at,
      cell: (row) => <Time at={row.last_attempt_at} />,
    },
    {
      title: words.answer,
      on: 'wide',
      value: ({ last_status, last_error }) => last_error ?? last_status,
      cell: ({ last_status, last_error }) => <span title={last_error}>{last_error ?? last_status}</span>,
    },
    {
      title: words.replay,
      value: () => undefined,
      cell: (delivery) =>
        delivery.state === 'pending' ? (
          <Time at={delivery.next_attempt_at} />
        ) : (
          <button type="button" className="small" onClick={() => again(delivery)}>
            {words.replay}
          </button>
        ),
    },
  ];
}
