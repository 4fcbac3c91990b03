import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { clientAddressOf } from '../../limits/client-address.ts';
import { limitNameOf } from '../../limits/ip-address.ts';
import { noNetworks } from '../../limits/networks.ts';
import type { Services } from '../frame/operation.ts';
import { auditRefusedSignIn, auditSignIn } from '../session/sign-in-audit.ts';
import { newSecret, secretCookie, secretIn, secretOf } from './browser-secret.ts';
import { personOf } from './person-of.ts';
import { OPENID_PATH, type OpenIdProvider } from './provider.ts';
import { RefusedSignIn } from './refused-sign-in.ts';

/**
 * Adds the pages that lead a browser to the OpenID provider and back (code flow with PKCE). They lead to this server or to the provider, and to no address
 * in a request.
 */
export function serveOpenId(app: FastifyInstance, services: Services, options: object): void {
  const { openid } = services;
  if (openid === undefined) return;
  const lead = (reply: FastifyReply, to: string | URL) => {
    reply.headers({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
    return reply.redirect(String(to), 302);
  };
  const refuse = (reply: FastifyReply, error: unknown) => {
    if (!(error instanceof RefusedSignIn)) throw error;
    if (error.cause !== undefined)
      services.log?.error('an OpenID sign-in failed', { err: plain(error.cause) });
    return lead(reply, `/console/refused#${error.reason}`);
  };
  const page = (
    path: string,
    work: (request: FastifyRequest, reply: FastifyReply) => Promise<string | URL>,
  ) =>
    app.get(`${OPENID_PATH}${path}`, options, async (request, reply) => {
      try {
        return lead(reply, await work(request, reply));
      } catch (error) {
        return refuse(reply, error);
      }
    });
  page('', async (request, reply) => {
    const token = newSecret(services.env().random);
    const url = await openid.authorizationUrl(secretOf(token));
    reply.header('set-cookie', secretCookie(token, services.sessions.isTls(request)));
    return url;
  });
  page('/callback', (request, reply) => finish(services, openid, request, reply));
  page('/logout', async () => (await openid.logoutUrl()) ?? '/console');
}

/** Signs in who comes back from the provider. */
async function finish(
  services: Services,
  openid: OpenIdProvider,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<string> {
  const { store, sessions, limits } = services;
  const isTls = sessions.isTls(request);
  const token = secretIn(request.headers.cookie, isTls);
  const address = clientAddressOf(request.raw, limits?.proxies ?? noNetworks);
  const attempt = await sessions.attempts.begin(limitNameOf(address), undefined, sessions.now());
  if (typeof attempt === 'number') throw new RefusedSignIn('too_often');
  reply.header('set-cookie', secretCookie('', isTls));
  const { random } = services.env();
  const now = Math.floor(sessions.now() / 1000);
  try {
    if (token === undefined) throw new RefusedSignIn('expired');
    const claims = await openid.claimsOf(request.url.slice(request.url.indexOf('?')), secretOf(token));
    const person = await personOf({ store, sessions, settings: openid.settings, random, now }, claims);
    await attempt.succeed();
    const caller = await sessions.begin({ signedIn: { person }, address, random }, request, reply);
    await auditSignIn(services, request, address, caller);
    return '/console';
  } catch (error) {
    if (error instanceof RefusedSignIn)
      await auditRefusedSignIn(services, request, address, openid.settings.account);
    throw error;
  }
}

/** Why a call to the provider failed, without its tokens: the library puts bodies into `cause`. */
function plain(error: unknown): Error {
  const { name, message, code } = error as Error & { readonly code?: string };
  return new Error(`${name} ${code ?? ''}: ${message}`);
}
