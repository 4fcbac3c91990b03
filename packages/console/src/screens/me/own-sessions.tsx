import type { OwnSession } from '@esim-rsp/sdk';
import { useState } from 'react';
import type { Column } from '../../parts/column.tsx';
import { Confirm } from '../../parts/dialog.tsx';
import { useLoad } from '../../parts/load.ts';
import { Problem } from '../../parts/problem.tsx';
import { Table } from '../../parts/table.tsx';
import { Time } from '../../parts/time.tsx';
import { useApi, useSigned } from '../../session/session.ts';
import { useText } from '../../text/text.ts';
import { browserIn } from './browser.ts';

/** Where one is signed in, and the end of sessions elsewhere. */
export function OwnSessions() {
  const text = useText();
  const words = text.me;
  const api = useApi();
  const { signOut } = useSigned();
  const loaded = useLoad(async (signal) => (await api.listSessions({ signal })).data.sessions, []);
  const [isAsked, setIsAsked] = useState(false);
  const [error, setError] = useState<unknown>();
  const { data: sessions } = loaded;
  const columns = useColumns((id) => {
    setError(undefined);
    api.deleteOwnSession(id).then(loaded.reload, setError);
  });
  return (
    <section>
      <div className="title">
        <h2>{words.sessions}</h2>
        <div className="actions">
          <button type="button" onClick={() => setIsAsked(true)}>
            {words.signOutAll}
          </button>
        </div>
      </div>
      <Problem error={error ?? loaded.error} onRetry={loaded.reload} />
      {sessions !== undefined && (
        <Table label={words.sessions} rows={sessions} columns={columns} idOf={({ id }) => id} />
      )}
      {isAsked && (
        <Confirm
          title={words.signOutAllAsk}
          action={words.signOutAll}
          onClose={() => setIsAsked(false)}
          onAction={() => api.deleteSessions().then(signOut, setError)}
        >
          <p>{words.signOutAllWhat}</p>
        </Confirm>
      )}
    </section>
  );
}

function useColumns(end: (id: string) => void): Column<OwnSession>[] {
  const words = useText().me;
  return [
    {
      title: words.browser,
      value: ({ user_agent: agent }) => agent,
      cell: ({ user_agent: agent }) => <span title={agent}>{browserIn(agent) ?? words.otherProgram}</span>,
    },
    { title: words.address, on: 'wide', value: ({ address }) => address },
    {
      title: words.began,
      value: (row) => row.created_at,
      cell: (row) => <Time at={row.created_at} />,
    },
    { title: words.used, value: (row) => row.last_used_at, cell: (row) => <Time at={row.last_used_at} /> },
    {
      title: words.end,
      value: ({ current }) => (current ? words.current : undefined),
      cell: ({ id, current }) =>
        current ? (
          <strong>{words.current}</strong>
        ) : (
          <button type="button" className="small" onClick={() => end(id)}>
            {words.signOutThis}
          </button>
        ),
    },
  ];
}
