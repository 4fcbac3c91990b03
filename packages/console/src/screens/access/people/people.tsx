import type { InvitedPerson, Person } from '@esim-rsp/sdk';
import { useState } from 'react';
import { Link } from 'wouter';
import { type Column, ExportButton } from '../../../parts/column.tsx';
import { useLoad } from '../../../parts/load.ts';
import { Problem } from '../../../parts/problem.tsx';
import { type Family, Mark } from '../../../parts/state.tsx';
import { Table } from '../../../parts/table.tsx';
import { Time } from '../../../parts/time.tsx';
import { useApi } from '../../../session/session.ts';
import { useText } from '../../../text/text.ts';
import { InvitationNotice } from './invitation.tsx';
import { NewPerson } from './new-person.tsx';

const familyOf: Readonly<Record<Person['state'], Family>> = {
  invited: 'moving',
  active: 'device',
  disabled: 'ended',
};

/** The people who sign in to the console, and invitations of others. */
export function People() {
  const text = useText();
  const words = text.people;
  const api = useApi();
  const loaded = useLoad(async (signal) => (await api.listPeople({ signal })).data.people, []);
  const [isNew, setIsNew] = useState(false);
  const [invited, setInvited] = useState<InvitedPerson>();
  const [mailedTo, setMailedTo] = useState<string>();
  const { data: people } = loaded;
  const columns = useColumns();
  const done = (person: InvitedPerson, isMailed: boolean) => {
    setInvited(isMailed ? undefined : person);
    setMailedTo(isMailed ? person.email : undefined);
    setIsNew(false);
    loaded.reload();
  };
  return (
    <section>
      <div className="title">
        <h2>{text.access.people}</h2>
        <div className="actions">
          <button type="button" aria-expanded={isNew} onClick={() => setIsNew(!isNew)}>
            {words.invite}
          </button>
          <ExportButton name="people" columns={columns} rows={people ?? []} />
        </div>
      </div>
      {isNew && <NewPerson onDone={done} />}
      {invited !== undefined && <InvitationNotice person={invited} />}
      {mailedTo !== undefined && <p role="status">{words.mailed(mailedTo)}</p>}
      <Problem error={loaded.error} onRetry={loaded.reload} />
      {people?.length === 0 && <p className="empty">{words.empty}</p>}
      {people !== undefined && people.length > 0 && (
        <Table label={text.access.people} rows={people} columns={columns} idOf={({ id }) => id} />
      )}
    </section>
  );
}

/** Whether somebody can sign in, in a word with colour and shape. */
export function PersonState({ state }: { state: Person['state'] }) {
  return <Mark family={familyOf[state]}>{useText().people.states[state]}</Mark>;
}

function useColumns(): Column<Person>[] {
  const text = useText();
  const words = text.people;
  return [
    {
      title: text.access.name,
      value: ({ name }) => name,
      cell: ({ id, name }) => <Link href={`/access/people/${id}`}>{name}</Link>,
    },
    { title: words.email, on: 'wide', value: ({ email }) => email },
    { title: words.role, value: ({ role }) => role, cell: ({ role }) => words.roles[role] },
    { title: words.state, value: ({ state }) => state, cell: ({ state }) => <PersonState state={state} /> },
    {
      title: words.signedIn,
      value: ({ signed_in_at }) => signed_in_at,
      cell: ({ signed_in_at: at }) =>
        at === undefined ? <span className="muted">{text.never}</span> : <Time at={at} />,
    },
  ];
}
