import type { Passkey } from '@esim-rsp/sdk';
import { useState } from 'react';
import { useText } from '../text/text.ts';
import type { Column } from './column.tsx';
import { Confirm } from './dialog.tsx';
import { Problem } from './problem.tsx';
import { Table } from './table.tsx';
import { Time } from './time.tsx';

type Props = {
  readonly passkeys: readonly Passkey[];
  readonly remove: (id: string) => Promise<unknown>;
  readonly onChange: () => void;
};

/** Passkeys of a person, each with its removal. */
export function PasskeyTable({ passkeys, remove, onChange }: Props) {
  const text = useText();
  const words = text.passkeys;
  const [asked, setAsked] = useState<Passkey>();
  const [error, setError] = useState<unknown>();
  const columns: readonly Column<Passkey>[] = [
    { title: text.access.name, value: ({ name }) => name },
    {
      title: text.access.created,
      value: (row) => row.created_at,
      cell: (row) => <Time at={row.created_at} />,
    },
    {
      title: text.access.used,
      value: (row) => row.last_used_at,
      cell: ({ last_used_at: at }) =>
        at === undefined ? <span className="muted">{text.never}</span> : <Time at={at} />,
    },
    {
      title: text.access.actions,
      value: () => undefined,
      cell: (passkey) => (
        <button type="button" className="small" onClick={() => setAsked(passkey)}>
          {text.delete}
        </button>
      ),
    },
  ];
  const confirm = (id: string) => {
    setAsked(undefined);
    setError(undefined);
    remove(id).then(onChange, setError);
  };
  return (
    <>
      <Table label={words.title} rows={passkeys} columns={columns} idOf={({ id }) => id} />
      <Problem error={error} />
      {asked !== undefined && (
        <Confirm
          title={words.deleteAsk(asked.name)}
          action={text.delete}
          onClose={() => setAsked(undefined)}
          onAction={() => confirm(asked.id)}
        >
          <p>{words.deleteWhat}</p>
        </Confirm>
      )}
    </>
  );
}
