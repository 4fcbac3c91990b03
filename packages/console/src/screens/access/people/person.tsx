import type { InvitedPerson, Person, PersonRole } from '@esim-rsp/sdk';
import { type FormEvent, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { Confirm } from '../../../parts/dialog.tsx';
import { useLoad } from '../../../parts/load.ts';
import { PasskeyTable } from '../../../parts/passkey-table.tsx';
import { Problem } from '../../../parts/problem.tsx';
import { Time } from '../../../parts/time.tsx';
import { Title } from '../../../parts/title.tsx';
import { useApi, useMay, useSigned } from '../../../session/session.ts';
import { useText, useWords } from '../../../text/text.ts';
import { InvitationNotice } from './invitation.tsx';
import { RoleChoice } from './new-person.tsx';
import { PersonState } from './people.tsx';

/** One person: role, access, sessions, and a new invitation. */
export function PersonScreen({ params: { id } }: { params: { id: string } }) {
  const text = useText();
  const api = useApi();
  const isAdmin = useMay('admin');
  const loaded = useLoad(
    async (signal) =>
      isAdmin ? (await api.listPeople({ signal })).data.people.find((one) => one.id === id) : undefined,
    [id, isAdmin],
  );
  const { data: person, isLoading, error } = loaded;
  const isUnknown = person === undefined && !isLoading && error === undefined;
  return (
    <>
      <Title name={person?.name} count={person && <PersonState state={person.state} />}>
        {text.access.people}
      </Title>
      <p className="way-back">
        <Link href="/access/people">{text.people.toList}</Link>
      </p>
      <Problem error={error} onRetry={loaded.reload} />
      {isUnknown && <p className="empty">{isAdmin ? text.people.unknown : text.problem.forbidden}</p>}
      {person !== undefined && <Details key={person.role} person={person} onChange={loaded.reload} />}
    </>
  );
}

function Details({ person, onChange }: { person: Person; onChange: () => void }) {
  const text = useText();
  const words = text.people;
  const { session } = useSigned();
  const isSelf = session.person?.id === person.id;
  return (
    <>
      <dl className="facts">
        <div>
          <dt>{words.email}</dt>
          <dd>{person.email}</dd>
        </div>
        <div>
          <dt>{words.created}</dt>
          <dd>
            <Time at={person.created_at} />
          </dd>
        </div>
        <div>
          <dt>{words.signedIn}</dt>
          <dd>
            {person.signed_in_at === undefined ? (
              <span className="muted">{text.never}</span>
            ) : (
              <Time at={person.signed_in_at} />
            )}
          </dd>
        </div>
        <div>
          <dt>{text.access.audit}</dt>
          <dd>
            <Link href={`/access/audit?person=${person.id}`}>{words.didWhat}</Link>
          </dd>
        </div>
      </dl>
      {isSelf ? (
        <p className="empty">
          {words.isSelf} <Link href="/me">{text.me.title}</Link>
        </p>
      ) : (
        <>
          <RoleForm person={person} onChange={onChange} />
          <Access person={person} onChange={onChange} />
          <PersonPasskeys id={person.id} />
        </>
      )}
    </>
  );
}

function RoleForm({ person, onChange }: { person: Person; onChange: () => void }) {
  const text = useText();
  const words = text.people;
  const api = useApi();
  const [error, setError] = useState<unknown>();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const role = String(new FormData(event.currentTarget).get('role')) as PersonRole;
    setError(undefined);
    if (role !== person.role) api.updatePerson(person.id, { role }).then(onChange, setError);
  };
  return (
    <form className="form framed" onSubmit={submit}>
      <RoleChoice byDefault={person.role} />
      <p className="muted">{words.roleEnds}</p>
      <Problem error={error} />
      <div className="actions">
        <button type="submit" className="primary">
          {words.changeRole}
        </button>
      </div>
    </form>
  );
}

function PersonPasskeys({ id }: { id: string }) {
  const words = useText().passkeys;
  const api = useApi();
  const { data, error, reload } = useLoad(
    async (signal) => (await api.listPersonPasskeys(id, { signal })).data.passkeys,
    [id],
  );
  return (
    <section>
      <h2>{words.title}</h2>
      <Problem error={error} onRetry={reload} />
      {data?.length === 0 && <p className="muted">{words.none}</p>}
      {data !== undefined && data.length > 0 && (
        <PasskeyTable
          passkeys={data}
          remove={(passkey) => api.deletePersonPasskey(id, passkey)}
          onChange={reload}
        />
      )}
    </section>
  );
}

type Asked = 'invite' | 'signOut' | 'disable' | 'delete';

/** What ends or renews the access of a person. */
function Access({ person, onChange }: { person: Person; onChange: () => void }) {
  const { text, language } = useWords();
  const { session } = useSigned();
  const words = text.people;
  const api = useApi();
  const [, navigate] = useLocation();
  const [asked, setAsked] = useState<Asked>();
  const [invited, setInvited] = useState<InvitedPerson>();
  const [isSignedOut, setIsSignedOut] = useState(false);
  const [isMailed, setIsMailed] = useState(false);
  const [error, setError] = useState<unknown>();
  const { id, name, state } = person;
  const run = <T,>(call: Promise<T>, then: (answer: T) => void) => {
    setAsked(undefined);
    setError(undefined);
    call.then(then, setError);
  };
  const does: Readonly<Record<Asked, () => void>> = {
    invite: () => run(api.invitePerson(id), ({ data }) => setInvited(data)),
    signOut: () => run(api.deletePersonSessions(id), () => setIsSignedOut(true)),
    disable: () => run(api.updatePerson(id, { disabled: true }), onChange),
    delete: () => run(api.deletePerson(id), () => navigate('/access/people')),
  };
  return (
    <section>
      <h2>{words.access}</h2>
      <div className="actions starting">
        <button type="button" onClick={() => setAsked('invite')} disabled={state === 'disabled'}>
          {words.newLink}
        </button>
        {session.mail && (
          <button
            type="button"
            onClick={() => run(api.mailInvitation(id, { language }), () => setIsMailed(true))}
            disabled={state === 'disabled'}
          >
            {words.mailLink}
          </button>
        )}
        <button type="button" onClick={() => setAsked('signOut')}>
          {words.signOut}
        </button>
        {state === 'disabled' ? (
          <button type="button" onClick={() => run(api.updatePerson(id, { disabled: false }), onChange)}>
            {words.enable}
          </button>
        ) : (
          <button type="button" onClick={() => setAsked('disable')}>
            {words.disable}
          </button>
        )}
        <button type="button" className="danger" onClick={() => setAsked('delete')}>
          {text.delete}
        </button>
      </div>
      <p className="muted">{words.accessWhat}</p>
      {invited !== undefined && <InvitationNotice person={invited} />}
      {isMailed && <p role="status">{words.mailed(person.email)}</p>}
      {isSignedOut && <p role="status">{words.signedOut}</p>}
      <Problem error={error} />
      {asked !== undefined && (
        <Confirm
          title={words.ask[asked](name)}
          action={words.askAction[asked]}
          onClose={() => setAsked(undefined)}
          onAction={does[asked]}
        >
          <p>{words.askWhat[asked]}</p>
        </Confirm>
      )}
    </section>
  );
}
