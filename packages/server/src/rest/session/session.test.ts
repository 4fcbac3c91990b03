import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addApiKey } from '../../accounts/accounts.ts';
import { createConsoleLink } from '../../accounts/console-tickets.ts';
import {
  KEYS,
  LIST,
  ordered,
  problemIn,
  READ_KEY,
  type RestTest,
  restTest,
} from '../testing/rest.harness.ts';

const SESSION = '/api/v1/esim/session';
const KEYS_URL = '/api/v1/esim/keys';
const byKey = { account_id: 'anna', api_key: KEYS.anna };
const fromOwnPage = { 'sec-fetch-site': 'same-origin' };

async function signIn(api: RestTest, body: object = byKey) {
  const answer = await api.post(SESSION, body, { by: null });
  assert.equal(answer.statusCode, 201, answer.body);
  const header = String(answer.headers['set-cookie']);
  const [cookie = ''] = header.split(';');
  return { answer, header, cookie };
}

const withCookie = (cookie: string, more: object = {}) =>
  ({ by: null, headers: { cookie, ...more } }) as const;

async function linkOf({ store, env, now }: RestTest, more: { readonly keyId?: string } = {}) {
  const baseUrl = 'http://localhost:8080/';
  const { random } = env();
  const created = await createConsoleLink(store, {
    account: 'anna',
    baseUrl,
    random,
    now: now * 1000,
    ...more,
  });
  assert.ok(created);
  const [url, ticket = ''] = created.link.split('#');
  assert.equal(url, 'http://localhost:8080/console/enter');
  return ticket;
}

test('a key signs in: the cookie cannot be read by scripts, and the store has only a hash of it', async () => {
  await using api = await restTest();
  const { answer, header, cookie } = await signIn(api);
  assert.match(header, /^esim_session=[\w-]{43}; Path=\/; Max-Age=604800; HttpOnly; SameSite=Lax$/);
  assert.deepEqual(answer.json(), {
    account_id: 'anna',
    role: 'admin',
    permissions: ['read', 'codes', 'order', 'support', 'admin', 'reveal', 'care'],
    expires_at: '2027-01-22T08:00:00Z',
    demo: false,
    mail: true,
    lab: false,
    sends_mail: true,
  });
  assert.deepEqual((await api.call(SESSION, withCookie(cookie))).json(), answer.json());
  const [entry] = (await api.store.auditEntries({ account: 'anna', operation: 'createSession', count: 9 }))
    .items;
  assert.deepEqual([entry?.status, entry?.targets.length, entry?.address], [201, 1, '127.0.0.1']);
  assert.ok(entry?.keyId);
});

test('by TLS, here or at a proxy, only the cookie with the prefix __Host- is used', async () => {
  await using api = await restTest(undefined, { isBehindTls: true });
  const { header, cookie } = await signIn(api);
  assert.match(
    header,
    /^__Host-esim_session=[\w-]{43}; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax; Secure$/,
  );
  assert.equal((await api.call(LIST, withCookie(cookie))).statusCode, 200);
  problemIn(await api.call(LIST, withCookie(cookie.replace('__Host-', ''))), 401, 'unauthorized');
  const change = (origin: string) =>
    api.post(KEYS_URL, { scope: 'read' }, withCookie(cookie, { origin, host: 'rsp.example.com' }));
  assert.equal((await change('https://rsp.example.com')).statusCode, 201);
  problemIn(await change('http://rsp.example.com'), 403, 'foreign_origin');
});

test('a session may do what its key may, and nothing else', async () => {
  await using api = await restTest();
  const { cookie, answer } = await signIn(api, { account_id: 'anna', api_key: READ_KEY });
  assert.deepEqual([answer.json().role, answer.json().permissions], ['custom', ['read', 'codes', 'reveal']]);
  assert.equal((await api.call(LIST, withCookie(cookie))).statusCode, 200);
  problemIn(await api.call('/api/v1/esim/keys', withCookie(cookie)), 403, 'forbidden');
});

test('a change by a session must come from a page of the server; reads and keys need not', async () => {
  await using api = await restTest();
  const { cookie } = await signIn(api);
  const change = (headers: object) =>
    api.post(KEYS_URL, { scope: 'read' }, withCookie(cookie, { host: 'here:80', ...headers }));
  for (const headers of [
    {},
    { origin: 'http://elsewhere' },
    { origin: 'null' },
    { origin: 'http://here:81' },
    { origin: 'https://here:80' },
    { origin: 'http://here:80.elsewhere' },
    ...['cross-site', 'same-site', 'none'].map((site) => ({
      'sec-fetch-site': site,
      origin: 'http://here:80',
    })),
  ])
    problemIn(await change(headers), 403, 'foreign_origin');
  const { items } = await api.store.auditEntries({ account: 'anna', operation: 'createApiKey', count: 20 });
  assert.deepEqual(
    items.map(({ code, keyId }) => [code, keyId === undefined]),
    Array.from({ length: 9 }, () => ['foreign_origin', false]),
  );
  for (const headers of [{ origin: 'http://here:80' }, fromOwnPage])
    assert.equal((await change(headers)).statusCode, 201);
  assert.equal((await api.call(LIST, withCookie(cookie, { origin: 'http://elsewhere' }))).statusCode, 200);
  assert.equal((await api.post(KEYS_URL, { scope: 'read' }, { headers: { cookie } })).statusCode, 201);
});

test('the audit log and the events name the key of the session, whatever the cookie is next to a key', async () => {
  await using api = await restTest();
  const { cookie } = await signIn(api);
  const keys = await api.store.apiKeys('anna');
  const bert = await api.call(SESSION, { by: 'bert', headers: { cookie } });
  assert.equal(bert.json().account_id, 'bert');
  problemIn(await api.call(SESSION, { by: null, headers: { cookie, 'x-user-id': 'anna' } }), 401);
  const { iccid } = await ordered(api);
  const answer = await api.post(`${LIST}/${iccid}/cancel`, {}, withCookie(cookie, fromOwnPage));
  assert.equal(answer.statusCode, 200, answer.body);
  const [entry] = (
    await api.store.auditEntries({ account: 'anna', operation: 'cancelEUICCProfile', count: 1 })
  ).items;
  const { events } = (await api.call(`${LIST}/${iccid}/history?sort=newest&count=1`)).json();
  const ofKeys = keys.map(({ id }) => id);
  assert.ok(ofKeys.includes(entry?.keyId ?? ''));
  assert.equal(events[0].actor.key_id, entry?.keyId);
});

test('signing out ends the session at once and takes the cookie away', async () => {
  await using api = await restTest();
  const [one, other] = [await signIn(api), await signIn(api)];
  problemIn(await api.call(SESSION, { method: 'DELETE', ...withCookie(one.cookie) }), 403, 'foreign_origin');
  const out = await api.call(SESSION, { method: 'DELETE', ...withCookie(one.cookie, fromOwnPage) });
  assert.equal(out.statusCode, 204);
  assert.match(String(out.headers['set-cookie']), /^esim_session=; Path=\/; Max-Age=0;/);
  problemIn(await api.call(SESSION, withCookie(one.cookie)), 401, 'unauthorized');
  assert.equal((await api.call(SESSION, withCookie(other.cookie))).statusCode, 200);
  problemIn(await api.call(SESSION, { method: 'DELETE' }), 409, 'no_session');
});

test('a session ends when its key is deleted or expires, with idle time, and after seven days', async () => {
  await using api = await restTest();
  const key = (await api.post(KEYS_URL, { scope: 'read' })).json();
  const deleted = await signIn(api, { account_id: 'anna', api_key: key.api_key });
  const expiring = `key-${'e'.repeat(20)}`;
  const { random } = api.env();
  await addApiKey(api.store, {
    ...{ userId: 'anna', apiKey: expiring, random, now: api.now * 1000, expiresAt: api.now + 60 },
  });
  const ending = await signIn(api, { account_id: 'anna', api_key: expiring });
  assert.equal(
    ending.answer.json().expires_at,
    new Date((api.now + 60) * 1000).toISOString().replace('.000', ''),
  );
  const used = await signIn(api);
  const unused = await signIn(api);
  const statusOf = async ({ cookie }: { readonly cookie: string }) =>
    (await api.call(SESSION, withCookie(cookie))).statusCode;
  assert.deepEqual(await Promise.all([deleted, ending, used].map(statusOf)), [200, 200, 200]);
  await api.call(`${KEYS_URL}/${key.id}`, { method: 'DELETE' });
  api.now += 61;
  assert.deepEqual(await Promise.all([deleted, ending, used].map(statusOf)), [401, 401, 200]);
  for (let hours = 0; hours < 160; hours += 8) {
    api.now += 8 * 3600;
    assert.equal(await statusOf(used), 200);
  }
  assert.equal(await statusOf(unused), 401);
  api.now += 8 * 3600;
  assert.equal(await statusOf(used), 401);
});

test('another node sees the end of a session after at most two seconds', async () => {
  await using api = await restTest();
  await using node = await restTest(api.store);
  const { cookie } = await signIn(api);
  assert.equal((await node.call(SESSION, withCookie(cookie))).statusCode, 200);
  await api.call(SESSION, { method: 'DELETE', ...withCookie(cookie, fromOwnPage) });
  node.now += 3;
  problemIn(await node.call(SESSION, withCookie(cookie)), 401, 'unauthorized');
});

test('a link signs in once, within ten minutes, with a key that may do everything or the one that was chosen', async () => {
  await using api = await restTest();
  const ticket = await linkOf(api);
  const answers = await Promise.all([1, 2, 3].map(() => api.post(SESSION, { ticket }, { by: null })));
  assert.deepEqual(answers.map(({ statusCode }) => statusCode).toSorted(), [201, 401, 401]);
  assert.equal(answers.find(({ statusCode }) => statusCode === 201)?.json().role, 'admin');
  const late = await linkOf(api);
  api.now += 600;
  problemIn(await api.post(SESSION, { ticket: late }, { by: null }), 401, 'unauthorized');
  const chosen = (await api.store.apiKeys('anna')).find(({ permissions }) => permissions.length === 2);
  const limited = await api.post(
    SESSION,
    { ticket: await linkOf(api, { keyId: chosen?.id ?? '' }) },
    { by: null },
  );
  assert.deepEqual(limited.json().permissions, ['read', 'codes', 'reveal']);
});

test('wrong attempts are slowed down and audited, and right ones are not', async () => {
  await using api = await restTest();
  const attempt = (body: object) => api.post(SESSION, body, { by: null });
  for (let n = 0; n < 20; n++) assert.equal((await attempt(byKey)).statusCode, 201);
  for (let n = 0; n < 10; n++)
    problemIn(await attempt({ account_id: 'anna', api_key: `wrong-${n}` }), 401, 'unauthorized');
  const { headers } = await attempt(byKey);
  assert.equal(headers['retry-after'], '6');
  problemIn(await attempt(byKey), 429, 'rate_limited');
  api.now += 6;
  assert.equal((await attempt(byKey)).statusCode, 201);
  const { items } = await api.store.auditEntries({ account: 'anna', operation: 'createSession', count: 50 });
  const refused = items.filter(({ status }) => status === 401);
  assert.deepEqual([refused.length, refused[0]?.code, refused[0]?.keyId], [10, 'unauthorized', undefined]);
  assert.ok(!JSON.stringify(items).includes('wrong-'));
});

test('wrong attempts are counted by all servers of a store together, and right ones are not', async () => {
  await using one = await restTest();
  await using other = await restTest(one.store);
  const wrong = (api: RestTest, n: number) =>
    api.post(SESSION, { account_id: 'anna', api_key: `wrong-${n}` }, { by: null });
  for (let n = 0; n < 20; n++)
    assert.equal((await (n % 2 ? one : other).post(SESSION, byKey, { by: null })).statusCode, 201);
  for (let n = 0; n < 10; n++) problemIn(await wrong(n < 5 ? one : other, n), 401, 'unauthorized');
  for (const api of [one, other]) problemIn(await wrong(api, 10), 429, 'rate_limited');
  one.now += 6;
  other.now += 6;
  problemIn(await wrong(other, 11), 401, 'unauthorized');
  problemIn(await wrong(one, 12), 429, 'rate_limited');
});

test('a page of another site cannot sign anybody in, and a body has one way to sign in', async () => {
  await using api = await restTest();
  for (const headers of [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }])
    problemIn(await api.post(SESSION, byKey, { by: null, headers }), 403, 'foreign_origin');
  for (const body of [{}, { api_key: 'k' }, { account_id: 'anna' }, { ...byKey, ticket: 't' }])
    problemIn(await api.post(SESSION, body, { by: null }), 400, 'validation_failed');
  problemIn(await api.post(SESSION, { ...byKey, more: 1 }, { by: null }), 400, 'validation_failed');
});

test('a browser that asks whether it is signed in is no attack: nothing is audited', async () => {
  await using api = await restTest();
  const { cookie } = await signIn(api);
  await api.call(SESSION, { method: 'DELETE', ...withCookie(cookie, fromOwnPage) });
  for (const call of [{ by: null }, withCookie(cookie)]) problemIn(await api.call(SESSION, call), 401);
  problemIn(await api.call(LIST, { by: null }), 401);
  const { items } = await api.store.auditEntries({ account: '', count: 50 });
  assert.deepEqual(
    items.map(({ operation }) => operation),
    ['listEUICCProfiles'],
  );
});

test('an answer that is kept for an Idempotency-Key is for this session only', async () => {
  await using api = await restTest();
  const [one, other] = [await signIn(api), await signIn(api)];
  const create = ({ cookie }: { readonly cookie: string }) =>
    api.post(KEYS_URL, { scope: 'read' }, withCookie(cookie, { ...fromOwnPage, 'idempotency-key': 'once' }));
  const first = await create(one);
  const again = await create(one);
  assert.deepEqual([again.json(), again.headers['idempotency-replayed']], [first.json(), 'true']);
  problemIn(await create(other), 422, 'idempotency_key_reused');
});
