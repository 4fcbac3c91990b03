import type { ApiKey, NewApiKey } from '@esim-rsp/sdk';
import { useState } from 'react';
import { Link } from 'wouter';
import { type Column, ExportButton } from '../../parts/column.tsx';
import { Confirm } from '../../parts/dialog.tsx';
import { useLoad } from '../../parts/load.ts';
import { Once } from '../../parts/once.tsx';
import { Problem } from '../../parts/problem.tsx';
import { Table } from '../../parts/table.tsx';
import { Time } from '../../parts/time.tsx';
import { useApi } from '../../session/session.ts';
import { useText } from '../../text/text.ts';
import { NewKey } from './new-key.tsx';

type Asked = { readonly what: 'rotate' | 'delete'; readonly key: ApiKey };

/** The API keys of the account: new ones, replaced ones, and the deletion of those that are not needed. */
export function Keys() {
  const text = useText();
  const words = text.access;
  const api = useApi();
  const loaded = useLoad(async (signal) => (await api.listApiKeys({ signal })).data.api_keys, []);
  const [isNew, setIsNew] = useState(false);
  const [created, setCreated] = useState<NewApiKey>();
  const [asked, setAsked] = useState<Asked>();
  const [error, setError] = useState<unknown>();
  const { data: keys } = loaded;
  const done = (key?: NewApiKey) => {
    setCreated(key);
    setIsNew(false);
    loaded.reload();
  };
  const confirm = ({ what, key: { id } }: Asked) => {
    setAsked(undefined);
    setError(undefined);
    if (what === 'delete') api.deleteApiKey(id).then(() => done(), setError);
    else api.rotateApiKey(id).then(({ data }) => done(data), setError);
  };
  const columns = useColumns(setAsked);
  const name = (key: ApiKey) => key.name ?? key.id;
  return (
    <section>
      <div className="title">
        <h2>{words.keys}</h2>
        <div className="actions">
          <button type="button" aria-expanded={isNew} onClick={() => setIsNew(!isNew)}>
            {words.newKey}
          </button>
          <ExportButton name="keys" columns={columns} rows={keys ?? []} />
        </div>
      </div>
      {isNew && <NewKey onDone={done} />}
      {created !== undefined && <Once name={words.newIs} value={created.api_key} />}
      <Problem error={error ?? loaded.error} onRetry={loaded.reload} />
      {keys !== undefined && <Table label={words.keys} rows={keys} columns={columns} idOf={({ id }) => id} />}
      {asked !== undefined && (
        <Confirm
          title={
            asked.what === 'delete' ? words.deleteAsk(name(asked.key)) : words.rotateAsk(name(asked.key))
          }
          action={asked.what === 'delete' ? text.delete : words.rotate}
          onClose={() => setAsked(undefined)}
          onAction={() => confirm(asked)}
        >
          <p>{asked.what === 'delete' ? words.deleteWhat : words.rotateWhat}</p>
        </Confirm>
      )}
    </section>
  );
}

function useColumns(ask: (asked: Asked) => void): Column<ApiKey>[] {
  const text = useText();
  const words = text.access;
  return [
    {
      title: words.name,
      value: ({ name, id }) => name ?? id,
      cell: ({ name, id }) => (
        <>
          {name ?? <span className="muted">{words.unnamed}</span>} <code className="muted">{id}</code>
        </>
      ),
    },
    {
      title: words.permissions,
      value: ({ permissions }) => permissions.join(', '),
      cell: ({ permissions, scope }) => (
        <span title={permissions.map((one) => words.permission[one]).join('; ')}>
          {scope ?? permissions.join(', ')}
        </span>
      ),
    },
    {
      title: words.used,
      on: 'wide',
      value: (key) => key.last_used_at,
      cell: (key) => <When at={key.last_used_at} />,
    },
    { title: words.expires, value: (key) => key.expires_at, cell: (key) => <When at={key.expires_at} /> },
    {
      title: words.actions,
      value: () => undefined,
      cell: (key) => (
        <span className="row-actions">
          <Link href={`/access/audit?key=${key.id}`}>{words.audit}</Link>
          <button type="button" className="small" onClick={() => ask({ what: 'rotate', key })}>
            {words.rotate}
          </button>
          <button type="button" className="small" onClick={() => ask({ what: 'delete', key })}>
            {text.delete}
          </button>
        </span>
      ),
    },
  ];
}

function When({ at }: { at: string | undefined }) {
  const text = useText();
  return at === undefined ? <span className="muted">{text.never}</span> : <Time at={at} />;
}
