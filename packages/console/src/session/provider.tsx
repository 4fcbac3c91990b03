import type { CreateSessionRequest, Session } from '@esim-rsp/sdk';
import { type ReactNode, useCallback, useEffect, useMemo, useState } from 'react';
import { Problem } from '../parts/problem.tsx';
import { useText } from '../text/text.ts';
import { Accept } from './accept.tsx';
import { createApi, openSession, readSession } from './requests.ts';
import { SignedContext } from './session.ts';
import { Enter, SignIn } from './sign-in.tsx';

type Known =
  | { readonly kind: 'asking' }
  | {
      readonly kind: 'out';
      readonly hasEnded: boolean;
      readonly hasSignedOut?: true;
      readonly error?: unknown;
    }
  | { readonly kind: 'in'; readonly session: Session };

/** Pages whose link has a ticket: `Enter` signs in with it, `Accept` asks for a password first. */
const TICKET_PAGES = { '/console/enter': Enter, '/console/accept': Accept } as const;

/** The console for those who are signed in, and the page to sign in for all others. */
export function SessionProvider({ children }: { children: ReactNode }) {
  const text = useText();
  const [known, setKnown] = useState<Known>({ kind: 'asking' });
  const [ticket, setTicket] = useState(takeTicket);
  const [refusal] = useState(takeRefusal);
  const api = useMemo(
    () => createApi(() => setKnown((now) => (now.kind === 'in' ? { kind: 'out', hasEnded: true } : now))),
    [],
  );
  useEffect(() => {
    if (ticket !== undefined) return;
    readSession(api).then(
      (session) =>
        setKnown(session === undefined ? { kind: 'out', hasEnded: false } : { kind: 'in', session }),
      (error) => setKnown({ kind: 'out', hasEnded: false, error }),
    );
  }, [api, ticket]);
  const signIn = useCallback(
    async (credentials: CreateSessionRequest) => {
      const session = await openSession(api, credentials);
      setKnown({ kind: 'in', session });
    },
    [api],
  );
  const signOut = useCallback(() => {
    const end = () => setKnown({ kind: 'out', hasEnded: false, hasSignedOut: true });
    api.deleteSession().then(end, end);
  }, [api]);

  if (ticket !== undefined && known.kind !== 'in') {
    const { Page, value } = ticket;
    return <Page ticket={value} signIn={signIn} onOther={() => setTicket(undefined)} />;
  }
  if (known.kind === 'asking') return <p className="alone">{text.loading}</p>;
  if (known.kind === 'out')
    return (
      <SignIn
        api={api}
        signIn={signIn}
        hasEnded={known.hasEnded}
        hasSignedOut={known.hasSignedOut === true}
        refusal={refusal}
      >
        <Problem error={known.error} />
      </SignIn>
    );
  return <SignedContext value={{ session: known.session, api, signOut }}>{children}</SignedContext>;
}

/** Where the server leads a browser whom the OpenID provider did not sign in, with the reason. */
const REFUSED = '/console/refused';

function takeRefusal(): string | undefined {
  const { pathname, hash } = window.location;
  if (pathname !== REFUSED) return undefined;
  history.replaceState(null, '', '/console');
  return hash.slice(1);
}

/** The ticket of a one-time link is behind `#`, so that no log has it. It leaves the address bar at once. */
function takeTicket() {
  const { pathname, hash } = window.location;
  if (!Object.hasOwn(TICKET_PAGES, pathname) || hash.length < 2) return undefined;
  history.replaceState(null, '', '/console');
  return { Page: TICKET_PAGES[pathname as keyof typeof TICKET_PAGES], value: hash.slice(1) };
}
