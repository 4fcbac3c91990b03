import { useLocation } from 'wouter';
import { Tabs } from '../../parts/tabs.tsx';
import { Title } from '../../parts/title.tsx';
import { useMay } from '../../session/session.ts';
import { useText } from '../../text/text.ts';
import { Audit } from './audit.tsx';
import { Keys } from './keys.tsx';
import { People } from './people/people.tsx';

/** API keys, people, and the audit log: who may do what, and who did it. */
export function AccessScreen() {
  const text = useText();
  const words = text.access;
  const isAdmin = useMay('admin');
  const [location] = useLocation();
  return (
    <>
      <Title>{words.title}</Title>
      {isAdmin ? (
        <>
          <Tabs
            label={words.title}
            tabs={[
              ['/access', words.keys],
              ['/access/people', words.people],
              ['/access/audit', words.audit],
            ]}
          />
          {location === '/access/audit' ? <Audit /> : location === '/access/people' ? <People /> : <Keys />}
        </>
      ) : (
        <p className="empty">{text.problem.forbidden}</p>
      )}
    </>
  );
}
