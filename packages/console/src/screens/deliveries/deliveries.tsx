import type { Webhook } from '@esim-rsp/sdk';
import { useState } from 'react';
import { Link } from 'wouter';
import { type Column, ExportButton } from '../../parts/column.tsx';
import { useLoad } from '../../parts/load.ts';
import { Problem } from '../../parts/problem.tsx';
import { Mark } from '../../parts/state.tsx';
import { Table } from '../../parts/table.tsx';
import { Time } from '../../parts/time.tsx';
import { Title } from '../../parts/title.tsx';
import { useApi, useMay } from '../../session/session.ts';
import type { Text } from '../../text/en.ts';
import { useText } from '../../text/text.ts';
import { CoreNetworks } from './core-networks.tsx';
import { NewWebhook } from './new-webhook.tsx';
import { Operators } from './operators.tsx';

/** The webhooks, the core networks and the ES2+ operators of the account. */
export function DeliveriesScreen() {
  const text = useText();
  const words = text.deliveries;
  const isAdmin = useMay('admin');
  return (
    <>
      <Title>{words.title}</Title>
      {isAdmin ? (
        <>
          <Webhooks />
          <CoreNetworks />
          <Operators />
        </>
      ) : (
        <p className="empty">{text.problem.forbidden}</p>
      )}
    </>
  );
}

function Webhooks() {
  const text = useText();
  const words = text.deliveries;
  const api = useApi();
  const [isNew, setIsNew] = useState(false);
  const loaded = useLoad(async (signal) => (await api.listWebhooks({ signal })).data.webhooks, []);
  const { data: rows } = loaded;
  const shown = columns(words);
  return (
    <section>
      <div className="title">
        <h2>{words.webhooks}</h2>
        <div className="actions">
          <button type="button" aria-expanded={isNew} onClick={() => setIsNew(!isNew)}>
            {words.newWebhook}
          </button>
          <ExportButton name="webhooks" columns={shown} rows={rows ?? []} />
        </div>
      </div>
      {isNew && <NewWebhook onDone={loaded.reload} />}
      <Problem error={loaded.error} onRetry={loaded.reload} />
      {rows?.length === 0 && !isNew && <p className="empty">{words.webhooksEmpty}</p>}
      {rows !== undefined && rows.length > 0 && (
        <Table label={words.webhooks} rows={rows} columns={shown} idOf={({ id }) => id} />
      )}
    </section>
  );
}

function columns(words: Text['deliveries']): Column<Webhook>[] {
  return [
    {
      title: words.url,
      value: ({ url }) => url,
      cell: ({ id, url }) => <Link href={`/deliveries/${id}`}>{url}</Link>,
    },
    {
      title: words.state,
      value: (webhook) => stateOf(webhook),
      cell: (webhook) => <WebhookState webhook={webhook} />,
    },
    { title: words.events, value: ({ events }) => events.join(', ') },
    { title: words.description, value: ({ description }) => description },
  ];
}

function stateOf({ disabled, first_failed_at }: Webhook): 'disabled' | 'failing' | 'works' {
  if (disabled) return 'disabled';
  return first_failed_at === undefined ? 'works' : 'failing';
}

/** Whether messages arrive, and since when not. */
export function WebhookState({ webhook }: { webhook: Webhook }) {
  const text = useText();
  const state = stateOf(webhook);
  const family = { disabled: 'ended', failing: 'failed', works: 'device' } as const;
  return (
    <>
      <Mark family={family[state]}>{text.deliveries[state]}</Mark> <Time at={webhook.first_failed_at} />
      {webhook.disabled_reason !== undefined && <span className="muted"> {webhook.disabled_reason}</span>}
    </>
  );
}
