import { Link, useLocation } from 'wouter';
import { Title } from '../../parts/title.tsx';
import { useMay } from '../../session/session.ts';
import { useText } from '../../text/text.ts';
import { Look } from './look.tsx';
import { LinkMail } from './mail/link-mail.tsx';

const TABS = { look: '/brand', mail: '/brand/mail' } as const;
type Tab = keyof typeof TABS;
const tabs = Object.keys(TABS) as Tab[];

/** How the install pages of the account look, and the mail that leads customers there. */
export function BrandScreen() {
  const text = useText();
  const words = text.brand;
  const isAdmin = useMay('admin');
  const [location] = useLocation();
  const current = location === TABS.mail ? 'mail' : 'look';
  return (
    <>
      <Title>{words.title}</Title>
      {isAdmin ? (
        <>
          <nav className="tabs" aria-label={words.title}>
            {tabs.map((tab) => (
              <Link key={tab} href={TABS[tab]} aria-current={tab === current ? 'page' : undefined}>
                {words.tabs[tab]}
              </Link>
            ))}
          </nav>
          {current === 'mail' ? <LinkMail /> : <Look />}
        </>
      ) : (
        <p className="empty">{text.problem.forbidden}</p>
      )}
    </>
  );
}
