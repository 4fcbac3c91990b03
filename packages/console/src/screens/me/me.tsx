import { Title } from '../../parts/title.tsx';
import { useRole } from '../../session/role.ts';
import { useSigned } from '../../session/session.ts';
import { useText } from '../../text/text.ts';
import { ChangePassword } from './change-password.tsx';
import { OwnSessions } from './own-sessions.tsx';
import { OwnPasskeys } from './passkeys.tsx';

/** What people change for themselves: passkeys, password and sessions. */
export function MeScreen() {
  const text = useText();
  const words = text.me;
  const { session } = useSigned();
  const { person } = session;
  const role = useRole();
  return (
    <>
      <Title>{words.title}</Title>
      <dl className="facts">
        {person === undefined ? (
          <div>
            <dt>{words.by}</dt>
            <dd>{words.byKey}</dd>
          </div>
        ) : (
          <>
            <div>
              <dt>{text.access.name}</dt>
              <dd>{person.name}</dd>
            </div>
            <div>
              <dt>{text.people.email}</dt>
              <dd>{person.email}</dd>
            </div>
          </>
        )}
        <div>
          <dt>{text.people.role}</dt>
          <dd>{role}</dd>
        </div>
        <div>
          <dt>{text.account.menu}</dt>
          <dd>
            <code>{session.account_id}</code>
          </dd>
        </div>
      </dl>
      {person !== undefined && (
        <>
          <OwnPasskeys />
          <ChangePassword email={person.email} />
        </>
      )}
      <OwnSessions />
    </>
  );
}
