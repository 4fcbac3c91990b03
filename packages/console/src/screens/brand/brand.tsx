import { useLocation } from 'wouter';
import { Tabs } from '../../parts/tabs.tsx';
import { Title } from '../../parts/title.tsx';
import { useMay } from '../../session/session.ts';
import { useText } from '../../text/text.ts';
import { Look } from './look.tsx';
import { LinkMail } from './mail/link-mail.tsx';

/** How the install pages of the account look, and the mail that leads customers there. */
export function BrandScreen() {
  const text = useText();
  const words = text.brand;
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
              ['/brand', words.tabs.look],
              ['/brand/mail', words.tabs.mail],
            ]}
          />
          {location === '/brand/mail' ? <LinkMail /> : <Look />}
        </>
      ) : (
        <p className="empty">{text.problem.forbidden}</p>
      )}
    </>
  );
}
