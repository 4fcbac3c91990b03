import type { Configuration } from 'openid-client';
import type { Role } from '../../store/ports/permissions.ts';
import type { BrowserSecret } from './browser-secret.ts';
import { RefusedSignIn } from './refused-sign-in.ts';

/** The OpenID provider of one account. */
export type OpenIdSettings = {
  readonly issuer: URL;
  readonly clientId: string;
  /** Absent: a public client, with PKCE only. */
  readonly clientSecret?: string;
  readonly scopes: string;
  /** What people call the provider. */
  readonly name: string;
  /** The account whose people sign in there. */
  readonly account: string;
  /** Roles by values of a claim. Absent: only people who were invited sign in, with the role that they have. */
  readonly roles?: { readonly claim: string; readonly byValue: ReadonlyMap<string, Role> };
};

/** What a provider says of somebody. */
export type Claims = Readonly<Record<string, unknown>> & { readonly iss: string; readonly sub: string };

export type OpenIdProvider = {
  readonly settings: OpenIdSettings;
  /** Where the browser signs in. */
  authorizationUrl(secret: BrowserSecret): Promise<URL>;
  /** Who came back with this query. Throws a RefusedSignIn. */
  claimsOf(query: string, secret: BrowserSecret): Promise<Claims>;
  /** Where the browser signs out; undefined: the provider has no such page. */
  logoutUrl(): Promise<URL | undefined>;
};

/** The page that leads a browser to the provider; others are below it. */
export const OPENID_PATH = '/console/openid';

/** Seconds that a call to the provider may take. */
const TIMEOUT_SECONDS = 10;
/** How long its addresses and keys are used before they are read again. */
const DISCOVERED_MILLISECONDS = 3_600_000;

/** `publicUrl`: the address of the console in browsers, without a path. The library is loaded when somebody signs in. */
export function openIdProvider(settings: OpenIdSettings, publicUrl: string): OpenIdProvider {
  const { issuer, clientId, clientSecret, scopes } = settings;
  const redirectUri = `${publicUrl}${OPENID_PATH}/callback`;
  let discovered: { readonly configuration: Promise<Configuration>; readonly until: number } | undefined;
  const library = () => import('openid-client');
  const discover = async (): Promise<Configuration> => {
    const { discovery, allowInsecureRequests } = await library();
    // The settings allow http for a provider on this machine only.
    const execute = issuer.protocol === 'http:' ? [allowInsecureRequests] : [];
    return discovery(issuer, clientId, clientSecret, undefined, { execute, timeout: TIMEOUT_SECONDS });
  };
  const configuration = async (): Promise<Configuration> => {
    const now = Date.now();
    if (discovered === undefined || discovered.until <= now)
      discovered = { configuration: discover(), until: now + DISCOVERED_MILLISECONDS };
    try {
      return await discovered.configuration;
    } catch (error) {
      discovered = undefined;
      throw new RefusedSignIn('provider_unreachable', { cause: error });
    }
  };
  return {
    settings,
    authorizationUrl: async ({ state, nonce, challenge }) => {
      const { buildAuthorizationUrl } = await library();
      return buildAuthorizationUrl(await configuration(), {
        redirect_uri: redirectUri,
        scope: scopes,
        code_challenge: challenge,
        code_challenge_method: 'S256',
        state,
        nonce,
      });
    },
    claimsOf: async (query, { state, nonce, verifier }) => {
      const { authorizationCodeGrant, fetchUserInfo } = await library();
      const known = await configuration();
      const checks = {
        pkceCodeVerifier: verifier,
        expectedState: state,
        expectedNonce: nonce,
        idTokenExpected: true,
      };
      try {
        const tokens = await authorizationCodeGrant(known, new URL(`${redirectUri}${query}`), checks);
        const claims = tokens.claims() as Claims;
        if (claims.email !== undefined || known.serverMetadata().userinfo_endpoint === undefined)
          return claims;
        const more = await fetchUserInfo(known, tokens.access_token, claims.sub);
        return { ...more, ...claims };
      } catch (error) {
        throw new RefusedSignIn(reasonOf(error), { cause: error });
      }
    },
    logoutUrl: async () => {
      const { buildEndSessionUrl } = await library();
      const known = await configuration();
      if (known.serverMetadata().end_session_endpoint === undefined) return undefined;
      return buildEndSessionUrl(known, {
        client_id: clientId,
        post_logout_redirect_uri: `${publicUrl}/console`,
      });
    },
  };
}

/** Why the provider gave no claims: the person declined, or what came back is not an answer to our question. */
function reasonOf(error: unknown): 'declined' | 'provider_refused' {
  const { name, error: code } = error as { readonly name?: string; readonly error?: unknown };
  return name === 'AuthorizationResponseError' && code === 'access_denied' ? 'declined' : 'provider_refused';
}
