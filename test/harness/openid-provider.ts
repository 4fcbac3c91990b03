import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider } from 'oidc-provider';

/** What the provider says of a user, by the subject. */
export type Users = Record<string, Readonly<Record<string, unknown>>>;

/** A real OpenID provider on this machine. */
export type OpenIdProvider = AsyncDisposable & {
  readonly issuer: string;
  readonly users: Users;
  /** Who signs in next; undefined: the user declines. */
  user: string | undefined;
};

export const CLIENT = { id: 'esim', secret: 'a-secret-of-the-client' } as const;

/** The page that asks whether to sign out. That of the library loads a font from another host. */
function logoutPage(form: string): string {
  const button = '<button form="op.logoutForm" name="logout" value="yes">Yes, sign me out</button>';
  return `<!doctype html><title>Sign out</title><link rel="icon" href="data:,">${form}${button}`;
}

/** `consoleUrl`: the address of the console that its users come from. */
export async function startOpenIdProvider(consoleUrl: string): Promise<OpenIdProvider> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const issuer = `http://localhost:${(server.address() as AddressInfo).port}`;
  const users: Users = {};
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: CLIENT.id,
        client_secret: CLIENT.secret,
        redirect_uris: [`${consoleUrl}/console/openid/callback`],
        post_logout_redirect_uris: [`${consoleUrl}/console`],
      },
    ],
    cookies: { keys: ['keys of a test'] },
    scopes: ['openid', 'email', 'profile', 'groups'],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'], groups: ['groups'] },
    pkce: { required: () => true },
    features: {
      devInteractions: { enabled: false },
      rpInitiatedLogout: {
        logoutSource: (context, form) => {
          context.body = logoutPage(form);
        },
      },
    },
    findAccount: (_context, id) => ({ accountId: id, claims: async () => ({ sub: id, ...users[id] }) }),
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
    loadExistingGrant: async ({ oidc }) => {
      const grant = new provider.Grant({
        clientId: oidc.client?.clientId ?? '',
        accountId: oidc.session?.accountId ?? '',
      });
      grant.addOIDCScope('openid email profile groups');
      await grant.save();
      return grant;
    },
  });
  const answer = provider.callback();
  const running: OpenIdProvider = {
    issuer,
    users,
    user: undefined,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
  server.on('request', (request, response) => {
    if (!request.url?.startsWith('/interaction/')) return void answer(request, response);
    const { user } = running;
    const result =
      user === undefined ? { error: 'access_denied' } : { login: { accountId: user, remember: false } };
    void provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
  });
  return running;
}
