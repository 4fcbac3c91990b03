import type { ProfileTemplate, ProfileType } from '@esim-rsp/sdk';
import { useState } from 'react';
import { Link } from 'wouter';
import { type Column, ExportButton } from '../../parts/column.tsx';
import { Confirm } from '../../parts/dialog.tsx';
import { useLoad } from '../../parts/load.ts';
import { useNumber } from '../../parts/numbers.ts';
import { Problem } from '../../parts/problem.tsx';
import { Table } from '../../parts/table.tsx';
import { Time } from '../../parts/time.tsx';
import { Title } from '../../parts/title.tsx';
import { useApi, useMay } from '../../session/session.ts';
import { useText } from '../../text/text.ts';
import { NewTemplate } from './new-template.tsx';

/** The types of profiles, and the templates that orders create new ones from. */
export function TypesScreen() {
  const text = useText();
  const words = text.types;
  const api = useApi();
  const types = useLoad(
    async (signal) => (await api.listProfileTypes({ count: 1000 }, { signal })).data.profile_types,
    [],
  );
  const templates = useLoad(
    async (signal) => (await api.listProfileTemplates({ signal })).data.profile_templates,
    [],
  );
  const reload = () => {
    types.reload();
    templates.reload();
  };
  return (
    <>
      <Title>{words.title}</Title>
      <Types rows={types.data} />
      <Problem error={types.error} onRetry={types.reload} />
      <Templates rows={templates.data} onChange={reload} />
      <Problem error={templates.error} onRetry={templates.reload} />
    </>
  );
}

function Types({ rows }: { rows: readonly ProfileType[] | undefined }) {
  const text = useText();
  const words = text.types;
  const columns = useTypeColumns();
  return (
    <section>
      <div className="title">
        <h2>{words.types}</h2>
        <div className="actions">
          <ExportButton name="types" columns={columns} rows={rows ?? []} />
        </div>
      </div>
      {rows?.length === 0 && <p className="empty">{words.typesEmpty}</p>}
      {rows !== undefined && rows.length > 0 && (
        <Table label={words.types} rows={rows} columns={columns} idOf={({ profile_type }) => profile_type} />
      )}
    </section>
  );
}

function useTypeColumns(): Column<ProfileType>[] {
  const text = useText();
  const words = text.types;
  const write = useNumber();
  const mayOrder = useMay('order');
  type Count = (type: ProfileType) => number | undefined;
  const counted = (title: string, count: Count, on?: 'wide'): Column<ProfileType> => ({
    title,
    align: 'end',
    ...(on !== undefined && { on }),
    value: count,
    cell: (type) => {
      const n = count(type);
      return n === undefined ? '' : write(n);
    },
  });
  return [
    {
      title: words.type,
      value: ({ profile_type }) => profile_type,
      cell: ({ profile_type }) => (
        <Link href={`/profiles?type=${encodeURIComponent(profile_type)}`}>{profile_type}</Link>
      ),
    },
    counted(words.total, ({ total }) => total),
    counted(words.available, ({ states }) => states.AVAILABLE ?? 0),
    counted(
      words.onDevice,
      ({ states }) => (states.INSTALLED ?? 0) + (states.ENABLED ?? 0) + (states.DISABLED ?? 0),
      'wide',
    ),
    counted(words.errors, ({ states }) => states.ERROR ?? 0, 'wide'),
    counted(words.left, ({ template_free_numbers }) => template_free_numbers),
    ...(mayOrder
      ? [
          {
            title: words.order,
            value: () => undefined,
            cell: ({ profile_type }: ProfileType) => (
              <Link href={`/order?type=${encodeURIComponent(profile_type)}`}>{words.order}</Link>
            ),
          },
        ]
      : []),
  ];
}

type TemplatesProps = {
  readonly rows: readonly ProfileTemplate[] | undefined;
  readonly onChange: () => void;
};

function Templates({ rows, onChange }: TemplatesProps) {
  const text = useText();
  const words = text.types;
  const api = useApi();
  const isAdmin = useMay('admin');
  const write = useNumber();
  const [isNew, setIsNew] = useState(false);
  const [asked, setAsked] = useState<string>();
  const [error, setError] = useState<unknown>();
  const remove = (type: string) => {
    setAsked(undefined);
    api.deleteProfileTemplate(type).then(onChange, setError);
  };
  const columns: Column<ProfileTemplate>[] = [
    { title: words.type, value: ({ profile_type }) => profile_type },
    { title: words.size, align: 'end', value: ({ size }) => size, cell: ({ size }) => write(size) },
    {
      title: words.left,
      align: 'end',
      value: (row) => row.free_numbers,
      cell: (row) => write(row.free_numbers),
    },
    { title: words.keys, value: ({ keys }) => words[keys] },
    { title: words.name, value: ({ profile_name }) => profile_name },
    { title: words.created, value: (row) => row.created_at, cell: (row) => <Time at={row.created_at} /> },
    ...(isAdmin
      ? [
          {
            title: text.delete,
            value: () => undefined,
            cell: ({ profile_type }: ProfileTemplate) => (
              <button type="button" className="small" onClick={() => setAsked(profile_type)}>
                {text.delete}
              </button>
            ),
          },
        ]
      : []),
  ];
  return (
    <section>
      <div className="title">
        <h2>{words.templates}</h2>
        <div className="actions">
          {isAdmin && (
            <button type="button" aria-expanded={isNew} onClick={() => setIsNew(!isNew)}>
              {words.newTemplate}
            </button>
          )}
          <ExportButton name="templates" columns={columns} rows={rows ?? []} />
        </div>
      </div>
      {isNew && (
        <NewTemplate
          onDone={() => {
            setIsNew(false);
            onChange();
          }}
        />
      )}
      {rows?.length === 0 && !isNew && <p className="empty">{words.templatesEmpty}</p>}
      {rows !== undefined && rows.length > 0 && (
        <Table
          label={words.templates}
          rows={rows}
          columns={columns}
          idOf={({ profile_type }) => profile_type}
        />
      )}
      <Problem error={error} />
      {asked !== undefined && (
        <Confirm
          title={words.deleteAsk(asked)}
          action={text.delete}
          onClose={() => setAsked(undefined)}
          onAction={() => remove(asked)}
        >
          <p>{words.deleteWhat}</p>
        </Confirm>
      )}
    </section>
  );
}
