import { Link, useLocation } from 'wouter';
import { Title } from '../../parts/title.tsx';
import { useMay } from '../../session/session.ts';
import { useText } from '../../text/text.ts';
import { Audit } from './audit.tsx';
import { Keys } from './keys.tsx';
import { People } from './people/people.tsx';

const TABS = { keys: '/access', people: '/access/people', audit: '/access/audit' } as const;
type Tab = keyof typeof TABS;
const tabs = Object.keys(TABS) as Tab[];

/** API keys, people, and the audit log: who may do what, and who did it. */
export function AccessScreen() {
  const text = useText();
  const words = text.access;
  const isAdmin = useMay('admin');
  const [location] = useLocation();
  const current = tabs.find((tab) => TABS[tab] === location) ?? 'keys';
  return (
    <>
      <Title>{words.title}</Title>
      {isAdmin ? (
        <>
          <nav className="tabs" aria-label={words.title}>
            {tabs.map((tab) => (
              <Link key={tab} href={TABS[tab]} aria-current={tab === current ? 'page' : undefined}>
                {words[tab]}
              </Link>
            ))}
          </nav>
          {current === 'audit' ? <Audit /> : current === 'people' ? <People /> : <Keys />}
        </>
      ) : (
        <p className="empty">{text.problem.forbidden}</p>
      )}
    </>
  );
}
