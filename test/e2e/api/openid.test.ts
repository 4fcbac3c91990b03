import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { freePort } from '../../harness/free-port.ts';
import { CLIENT, startOpenIdProvider } from '../../harness/openid-provider.ts';
import { account, type ServerProcess, type Settings, startServer } from '../../harness/server.ts';

/** People sign in at a real OpenID provider, by real HTTP. */

const port = await freePort();
const consoleUrl = `http://localhost:${port}`;
const provider = await startOpenIdProvider(consoleUrl);
after(() => provider[Symbol.asyncDispose]());

const settings = {
  ESIM_HTTP_PORT: String(port),
  ESIM_CONSOLE_URL: consoleUrl,
  ESIM_OIDC_ISSUER: provider.issuer,
  ESIM_OIDC_CLIENT_ID: CLIENT.id,
  ESIM_OIDC_CLIENT_SECRET: CLIENT.secret,
  ESIM_OIDC_ACCOUNT: account.ESIM_BOOTSTRAP_USER_ID,
  ESIM_SIGN_IN_ATTEMPTS: '0',
  ESIM_LOG_LEVEL: 'error',
};
const withRoles = {
  ...settings,
  ESIM_OIDC_SCOPES: 'openid email profile groups',
  ESIM_OIDC_ROLE_CLAIM: 'groups',
  ESIM_OIDC_ROLES: 'esim-admins=admin, help-desk=support',
};

/** A browser as far as redirects and cookies go. */
class Browser {
  readonly #cookies = new Map<string, Map<string, string>>();

  async get(url: string | URL): Promise<Response> {
    const { origin } = new URL(url);
    const jar = this.#cookies.get(origin) ?? new Map<string, string>();
    this.#cookies.set(origin, jar);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, { redirect: 'manual', headers: cookie === '' ? {} : { cookie } });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      const [name = '', value = ''] = [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)];
      if (value === '') jar.delete(name);
      else jar.set(name, value);
    }
    return response;
  }

  /** Follows redirects until a page is shown, or until one leads to `stop`. */
  async follow(url: string | URL, stop?: RegExp): Promise<URL> {
    let at = new URL(url, consoleUrl);
    for (let i = 0; i < 20; i++) {
      if (stop?.test(at.href)) return at;
      const response = await this.get(at);
      const next = response.headers.get('location');
      await response.body?.cancel();
      if (next === null) return at;
      at = new URL(next, at);
    }
    assert.fail(`too many redirects: ${at}`);
  }

  async session(): Promise<
    { role: string; person: { id: string; email: string; name: string } } | undefined
  > {
    const response = await this.get(`${consoleUrl}/api/v1/esim/session`);
    return response.ok ? ((await response.json()) as never) : undefined;
  }
}

/** Signs in as a user of the provider; resolves to the page that shows, and the browser. */
async function signIn(user: string | undefined, browser = new Browser()) {
  provider.user = user;
  const { pathname, hash } = await browser.follow('/console/openid');
  return { page: pathname + hash, browser };
}

async function start(more: Settings = settings): Promise<ServerProcess> {
  return startServer(more);
}

const invite = (server: ServerProcess, email: string) =>
  server.api.createPerson({ name: 'Ada', email, role: 'support' }).then(({ data }) => data.id);

test('an invited person signs in at the provider; later their subject counts, not the e-mail address', async () => {
  await using server = await start();
  const id = await invite(server, 'ada@example.com');
  provider.users.ada = { email: 'Ada@example.com', email_verified: true, name: 'Ada L.' };
  const { page, browser } = await signIn('ada');
  assert.equal(page, '/console');
  const session = await browser.session();
  assert.deepEqual(
    [session?.role, session?.person],
    ['support', { id, name: 'Ada', email: 'ada@example.com' }],
  );
  const { data: audit } = await server.api.listAudit({ person_id: id });
  assert.deepEqual([audit.entries[0]?.operation, audit.entries[0]?.person], ['createSession', 'Ada']);
  provider.users.ada = { email: 'other@example.com', email_verified: false };
  assert.equal((await signIn('ada')).page, '/console');
  provider.users.eve = { email: 'ada@example.com', email_verified: true };
  assert.equal((await signIn('eve')).page, '/console/refused#other_subject');
  await server.api.updatePerson(id, { disabled: true });
  assert.equal(await browser.session(), undefined);
  assert.equal((await signIn('ada')).page, '/console/refused#disabled');
  assert.equal(server.log(), '');
});

test('those who were not invited, or whose address is not verified, or who decline, are not signed in', async () => {
  await using server = await start();
  await invite(server, 'ada@example.com');
  provider.users.bob = { email: 'bob@example.com', email_verified: true };
  provider.users.eve = { email: 'ada@example.com', email_verified: false };
  provider.users.mute = {};
  for (const [user, reason] of [
    ['bob', 'not_invited'],
    ['eve', 'email_not_verified'],
    ['mute', 'email_not_verified'],
    [undefined, 'declined'],
  ] as const) {
    const { page, browser } = await signIn(user);
    assert.equal(page, `/console/refused#${reason}`);
    assert.equal(await browser.session(), undefined);
  }
  const { data } = await server.api.listAudit({ count: 10 });
  assert.ok(data.entries.some(({ operation, status }) => operation === 'createSession' && status === 401));
});

test('an answer of the provider counts once, and in the browser that asked only', async () => {
  await using server = await start();
  await invite(server, 'ada@example.com');
  provider.users.ada = { email: 'ada@example.com', email_verified: true };
  const back = async (browser: Browser) => {
    provider.user = 'ada';
    return browser.follow('/console/openid', /openid\/callback/);
  };
  const mine = new Browser();
  const answer = await back(mine);
  assert.match(answer.search, /code=/);
  const refused = async (browser: Browser, url: URL) =>
    (await browser.follow(url)).href.replace(`${consoleUrl}/console/refused#`, '');
  assert.equal(await refused(new Browser(), answer), 'expired');
  const other = new Browser();
  await back(other);
  assert.equal(await refused(other, answer), 'provider_refused');
  assert.equal((await mine.follow(answer)).pathname, '/console');
  assert.ok(await mine.session());
  assert.equal(await refused(mine, answer), 'expired');
  const forged = await back(other);
  forged.searchParams.set('code', 'forged');
  assert.equal(await refused(other, forged), 'provider_refused');
  assert.doesNotMatch(server.log(), /forged|secret-of-the-client/);
});

test('the pages lead to the provider and to the console only, whatever a request says', async () => {
  await using server = await start();
  for (const path of [
    '/console/openid?return_to=https://evil.example',
    '/console/openid?redirect_uri=https://evil.example',
    '/console/openid/logout?post_logout_redirect_uri=https://evil.example',
  ]) {
    const response = await new Browser().get(consoleUrl + path);
    const to = new URL(response.headers.get('location') ?? '');
    assert.deepEqual([response.status, to.origin], [302, provider.issuer]);
    assert.doesNotMatch(to.href, /evil/);
  }
  const response = await fetch(`${consoleUrl}/console/openid`, {
    redirect: 'manual',
    headers: { 'x-forwarded-host': 'evil.example' },
  });
  const cookie = response.headers.getSetCookie()[0] ?? '';
  assert.match(cookie, /^esim_openid=[\w-]{43}; Path=\/; Max-Age=600; HttpOnly; SameSite=Lax$/);
  const query = new URL(response.headers.get('location') ?? '').searchParams;
  assert.equal(query.get('redirect_uri'), `${consoleUrl}/console/openid/callback`);
  assert.equal(query.get('code_challenge_method'), 'S256');
  const token = cookie.slice('esim_openid='.length, 'esim_openid='.length + 43);
  for (const name of ['state', 'nonce', 'code_challenge']) assert.notEqual(query.get(name), token);
  assert.equal(new Set(['state', 'nonce', 'code_challenge'].map((name) => query.get(name))).size, 3);
  assert.ok(server);
});

test('with roles in a claim, the role follows the claim, and losing it ends the sessions', async () => {
  await using server = await start(withRoles);
  const ada = { email: 'ada@example.com', email_verified: true, name: 'Ada Lovelace' };
  provider.users.ada = { ...ada, groups: ['staff', 'help-desk'] };
  const first = (await signIn('ada')).browser;
  const session = await first.session();
  assert.deepEqual([session?.role, session?.person.name], ['support', 'Ada Lovelace']);
  provider.users.ada = { ...ada, groups: ['help-desk', 'esim-admins'] };
  const second = (await signIn('ada')).browser;
  assert.equal((await second.session())?.role, 'admin');
  assert.equal(await first.session(), undefined);
  provider.users.ada = { ...ada, groups: ['staff'] };
  assert.equal((await signIn('ada')).page, '/console/refused#no_role');
  assert.equal(await second.session(), undefined);
  assert.equal((await server.api.listPeople()).data.people.length, 1);
});

test('a provider that does not answer is reported, and the rest of the server serves', async () => {
  const unused = await freePort();
  await using server = await start({ ...settings, ESIM_OIDC_ISSUER: `http://localhost:${unused}` });
  assert.equal((await signIn('ada')).page, '/console/refused#provider_unreachable');
  assert.match(server.log(), /an OpenID sign-in failed/);
  await server.api.listPeople();
});

test('the options name the provider, and a server without one has no such pages', async () => {
  const options = async () => (await fetch(`${consoleUrl}/api/v1/esim/session/options`)).json();
  {
    await using server = await start({ ...settings, ESIM_OIDC_NAME: 'Example ID' });
    assert.equal(((await options()) as { openid: { name: string } }).openid.name, 'Example ID');
    assert.ok(server);
  }
  await using server = await start({ ESIM_HTTP_PORT: String(port) });
  assert.deepEqual(await options(), { passkeys: true });
  assert.notEqual((await fetch(`${consoleUrl}/console/openid`, { redirect: 'manual' })).status, 302);
  assert.ok(server);
});
