import { useEffect, useMemo, useState } from 'react';
import { Link, Route, Router, Switch } from 'wouter';
import { Frame } from './frame/frame.tsx';
import { LiveEvents } from './frame/live.tsx';
import { Title } from './parts/title.tsx';
import { AccessScreen } from './screens/access/access.tsx';
import { PersonScreen } from './screens/access/people/person.tsx';
import { BrandScreen } from './screens/brand/brand.tsx';
import { CoreNetworkScreen } from './screens/deliveries/core-networks.tsx';
import { DeliveriesScreen } from './screens/deliveries/deliveries.tsx';
import { OperatorScreen } from './screens/deliveries/operator.tsx';
import { WebhookScreen } from './screens/deliveries/webhook.tsx';
import { AttemptScreen } from './screens/downloads/attempt.tsx';
import { DownloadsScreen } from './screens/downloads/downloads.tsx';
import { ImportScreen } from './screens/import/import.tsx';
import { MeScreen } from './screens/me/me.tsx';
import { OperationScreen } from './screens/operations/operation.tsx';
import { OperationsScreen } from './screens/operations/operations.tsx';
import { OrderScreen } from './screens/order/order.tsx';
import { OverviewScreen } from './screens/overview/overview.tsx';
import { PhoneScreen } from './screens/phone/phone.tsx';
import { ProfileScreen } from './screens/profile/profile.tsx';
import { ProfilesScreen } from './screens/profiles/profiles.tsx';
import { SearchScreen } from './screens/search/search.tsx';
import { ServerScreen } from './screens/server/server.tsx';
import { TypesScreen } from './screens/types/types.tsx';
import { UpstreamScreen } from './screens/upstreams/upstream.tsx';
import { UpstreamsScreen } from './screens/upstreams/upstreams.tsx';
import { SessionProvider } from './session/provider.tsx';
import { firstLanguage, type Language, languages, saveLanguage, useText, WordsContext } from './text/text.ts';

/** The console: words, session, frame, and a screen for each address. */
export function App() {
  const [language, setLanguage] = useState<Language>(firstLanguage);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const words = useMemo(() => {
    const choose = (next: Language) => {
      saveLanguage(next);
      setLanguage(next);
    };
    return { language, text: languages[language], choose };
  }, [language]);
  return (
    <WordsContext value={words}>
      <Router base="/console">
        <SessionProvider>
          <LiveEvents>
            <Frame>
              <Screens />
            </Frame>
          </LiveEvents>
        </SessionProvider>
      </Router>
    </WordsContext>
  );
}

function Screens() {
  return (
    <Switch>
      <Route path="/" component={OverviewScreen} />
      <Route path="/search" component={SearchScreen} />
      <Route path="/profiles" component={ProfilesScreen} />
      <Route path="/profiles/:iccid" component={ProfileScreen} />
      <Route path="/order" component={OrderScreen} />
      <Route path="/import" component={ImportScreen} />
      <Route path="/downloads" component={DownloadsScreen} />
      <Route path="/downloads/:id" component={AttemptScreen} />
      <Route path="/types" component={TypesScreen} />
      <Route path="/deliveries" component={DeliveriesScreen} />
      <Route path="/deliveries/core/:name" component={CoreNetworkScreen} />
      <Route path="/deliveries/operators/:name" component={OperatorScreen} />
      <Route path="/deliveries/:id" component={WebhookScreen} />
      <Route path="/operations" component={OperationsScreen} />
      <Route path="/operations/:id" component={OperationScreen} />
      <Route path="/upstreams" component={UpstreamsScreen} />
      <Route path="/upstreams/:name" component={UpstreamScreen} />
      <Route path="/access" component={AccessScreen} />
      <Route path="/access/audit" component={AccessScreen} />
      <Route path="/access/people" component={AccessScreen} />
      <Route path="/access/people/:id" component={PersonScreen} />
      <Route path="/me" component={MeScreen} />
      <Route path="/brand" component={BrandScreen} />
      <Route path="/brand/mail" component={BrandScreen} />
      <Route path="/server" component={ServerScreen} />
      <Route path="/server/accounts" component={ServerScreen} />
      <Route path="/phone" component={PhoneScreen} />
      <Route component={NoScreen} />
    </Switch>
  );
}

function NoScreen() {
  const text = useText();
  return (
    <>
      <Title>{text.problem.notFound}</Title>
      <p>
        <Link href="/">{text.problem.toOverview}</Link>
      </p>
    </>
  );
}
