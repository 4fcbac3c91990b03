import { useLocation } from 'wouter';
import { Tabs } from '../../parts/tabs.tsx';
import { Title } from '../../parts/title.tsx';
import { useMay } from '../../session/session.ts';
import { useText } from '../../text/text.ts';
import { Accounts } from './accounts.tsx';
import { Status } from './status.tsx';

/** The server itself; and its accounts, for those who may do something with the whole server. */
export function ServerScreen() {
  const text = useText();
  const words = text.server;
  const isServerAdmin = useMay('server');
  const [location] = useLocation();
  return (
    <>
      <Title actions={<a href="/docs">{words.docs}</a>}>{words.title}</Title>
      {isServerAdmin && (
        <Tabs
          label={words.title}
          tabs={[
            ['/server', words.status],
            ['/server/accounts', text.accounts.title],
          ]}
        />
      )}
      {location !== '/server/accounts' ? (
        <Status />
      ) : isServerAdmin ? (
        <Accounts />
      ) : (
        <p className="empty">{text.accounts.forbidden}</p>
      )}
    </>
  );
}
