import type { Account, NewAccount } from '@esim-rsp/sdk';
import { useState } from 'react';
import { useSearchParams } from 'wouter';
import { type Column, ExportButton } from '../../parts/column.tsx';
import { usePages } from '../../parts/load.ts';
import { Once } from '../../parts/once.tsx';
import { Rows } from '../../parts/rows.tsx';
import { Time } from '../../parts/time.tsx';
import { useApi, useSigned } from '../../session/session.ts';
import { useText } from '../../text/text.ts';
import { NewAccountForm } from './new-account.tsx';

/** The accounts of the server, found by name or id, and new ones. */
export function Accounts() {
  const words = useText().accounts;
  const api = useApi();
  const [isNew, setIsNew] = useState(false);
  const [created, setCreated] = useState<NewAccount>();
  const [filter, setFilter] = useFilter();
  const columns = useColumns();
  const pages = usePages<Account>(async (_cursor, signal) => {
    const { accounts } = (await api.listAccounts({ signal })).data;
    return { rows: accounts.toReversed(), next: undefined };
  }, []);
  const rows = pages.rows.filter(({ account_id, name }) => has(account_id, filter) || has(name, filter));
  const isEmpty = rows.length === 0 && !pages.isLoading && pages.error === undefined;
  const done = (account: NewAccount) => {
    setCreated(account);
    setIsNew(false);
    pages.reload();
  };
  return (
    <section>
      <div className="title">
        <h2>{words.title}</h2>
        <div className="actions">
          <button type="button" aria-expanded={isNew} onClick={() => setIsNew(!isNew)}>
            {words.new}
          </button>
          <ExportButton name="accounts" columns={columns} rows={rows} />
        </div>
      </div>
      <p className="muted">{words.what}</p>
      {isNew && <NewAccountForm onDone={done} />}
      {created !== undefined && (
        <Once name={words.keyOf(created.name, created.account_id)} value={created.api_key}>
          {words.keyWhat}
        </Once>
      )}
      <div className="chips">
        <input
          type="search"
          aria-label={words.filter}
          placeholder={words.filter}
          value={filter}
          onChange={({ target }) => setFilter(target.value)}
        />
      </div>
      {isEmpty ? (
        <p className="empty">{words.noneFits}</p>
      ) : (
        <Rows
          label={words.title}
          pages={{ ...pages, rows }}
          columns={columns}
          idOf={({ account_id }) => account_id}
        />
      )}
    </section>
  );
}

/** The text of the filter, which is in the address: each letter changes the address in its place. */
function useFilter(): [string, (text: string) => void] {
  const [address, setAddress] = useSearchParams();
  const set = (text: string) => setAddress(text === '' ? {} : { q: text }, { replace: true });
  return [address.get('q') ?? '', set];
}

function has(value: string, text: string): boolean {
  return value.toLocaleLowerCase().includes(text.trim().toLocaleLowerCase());
}

function useColumns(): Column<Account>[] {
  const words = useText().accounts;
  const { session } = useSigned();
  return [
    {
      title: words.name,
      on: 'main',
      width: '40%',
      value: ({ name }) => name,
      cell: ({ name, account_id }) => (
        <>
          {name} {account_id === session.account_id && <span className="muted">({words.own})</span>}
        </>
      ),
    },
    {
      title: words.id,
      value: ({ account_id }) => account_id,
      cell: ({ account_id }) => <code>{account_id}</code>,
    },
    {
      title: words.created,
      value: ({ created_at }) => created_at,
      cell: ({ created_at }) => <Time at={created_at} />,
    },
  ];
}
