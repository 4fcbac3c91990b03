import assert from 'node:assert/strict';
import { test } from 'node:test';
import { problemIn, type RestTest, restTest } from '../testing/rest.harness.ts';
import { createAuthenticator, type Faults } from './authenticator.harness.ts';

const PEOPLE = '/api/v1/esim/people';
const SESSION = '/api/v1/esim/session';
const PASSKEYS = '/api/v1/esim/passkeys';
const PASSWORD = 'correct horse battery staple';

const signIn = (api: RestTest, body: object, headers = {}) => api.post(SESSION, body, { by: null, headers });

function by(answer: { readonly headers: Record<string, unknown>; readonly statusCode: number }) {
  assert.equal(answer.statusCode, 201);
  const [cookie = ''] = String(answer.headers['set-cookie']).split(';');
  return { by: null, headers: { cookie, 'sec-fetch-site': 'same-origin' } } as const;
}

/** Somebody who has accepted an invitation. */
async function person(api: RestTest, email = 'ada@example.com') {
  const { id, invitation } = (await api.post(PEOPLE, { name: 'Ada', email, role: 'support' })).json();
  return {
    id: String(id),
    session: by(await signIn(api, { ticket: invitation.ticket, password: PASSWORD })),
  };
}

type Session = ReturnType<typeof by>;

async function newChallenge(api: RestTest, session: Session) {
  const answer = await api.post(`${PASSKEYS}/challenge`, undefined, session);
  assert.equal(answer.statusCode, 201, answer.body);
  return answer.json();
}

async function signInChallenge(api: RestTest) {
  const answer = await api.post(`${SESSION}/challenge`, undefined, { by: null });
  assert.equal(answer.statusCode, 201, answer.body);
  return answer.json();
}

/** A passkey of a person, in an authenticator. */
async function withPasskey(api: RestTest, session: Session, name = 'Laptop') {
  const device = createAuthenticator();
  const body = { name, ...device.attest(await newChallenge(api, session)) };
  const answer = await api.post(PASSKEYS, body, session);
  assert.equal(answer.statusCode, 201, answer.body);
  return { device, id: String(answer.json().id) };
}

test('a person creates a passkey and signs in with it; the audit log names the person', async () => {
  await using api = await restTest();
  const ada = await person(api);
  const challenge = await newChallenge(api, ada.session);
  assert.equal(challenge.rp_id, 'localhost');
  assert.equal(Buffer.from(challenge.user.id, 'base64url').toString(), ada.id);
  assert.deepEqual(challenge.exclude, []);
  const { device, id } = await withPasskey(api, ada.session);
  assert.deepEqual((await newChallenge(api, ada.session)).exclude, [device.credentialId]);
  device.counter = 1;
  api.now += 60;
  const answer = await signIn(api, { passkey: device.assert(await signInChallenge(api)) });
  assert.equal(answer.json().person.id, ada.id);
  const { passkeys } = (await api.call(PASSKEYS, by(answer))).json();
  assert.deepEqual(passkeys, [
    { id, name: 'Laptop', created_at: '2027-01-15T08:00:00Z', last_used_at: '2027-01-15T08:01:00Z' },
  ]);
  const { entries } = (await api.call(`/api/v1/esim/audit?person_id=${ada.id}`)).json();
  const operations = entries.map(({ operation, targets, target }: Record<string, unknown>) => [
    operation,
    [targets ?? target].flat().includes(id),
  ]);
  assert.deepEqual(operations[0], ['createSession', false]);
  assert.ok(operations.some(([name, isNamed]: [string, boolean]) => name === 'createPasskey' && isNamed));
});

test('a challenge works once, for its purpose, its person and five minutes', async () => {
  await using api = await restTest();
  const ada = await person(api);
  const bob = await person(api, 'bob@example.com');
  const refused = async (body: object, session: Session) =>
    problemIn(await api.post(PASSKEYS, { name: 'x', ...body }, session), 400, 'passkey_refused');
  const device = createAuthenticator();
  await refused(device.attest(await newChallenge(api, ada.session)), bob.session);
  await refused(device.attest(await signInChallenge(api)), ada.session);
  const late = device.attest(await newChallenge(api, ada.session));
  api.now += 300;
  await refused(late, ada.session);
  const { device: known } = await withPasskey(api, ada.session);
  const passkey = known.assert(await signInChallenge(api));
  assert.equal((await signIn(api, { passkey })).statusCode, 201);
  problemIn(await signIn(api, { passkey }), 401, 'unauthorized');
  const ofCreation = known.assert(await newChallenge(api, ada.session));
  problemIn(await signIn(api, { passkey: ofCreation }), 401, 'unauthorized');
});

const faults: Readonly<Record<string, Faults>> = {
  'a page of another origin': { origin: 'https://localhost.evil.example' },
  'another domain': { rpId: 'evil.example' },
  'a user who was not verified': { isUnverified: true },
  'another ceremony': { type: 'payment.get' },
};

for (const [name, fault] of Object.entries(faults))
  test(`a passkey is refused for ${name}`, async () => {
    await using api = await restTest();
    const { session } = await person(api);
    const { device } = await withPasskey(api, session);
    const other = createAuthenticator().attest(await newChallenge(api, session), fault);
    problemIn(await api.post(PASSKEYS, { name: 'x', ...other }, session), 400, 'passkey_refused');
    problemIn(await signIn(api, { passkey: device.assert(await signInChallenge(api), fault) }), 401);
    assert.equal((await signIn(api, { passkey: device.assert(await signInChallenge(api)) })).statusCode, 201);
    assert.deepEqual(api.bugs, []);
  });

test('attestations with certificates, a wrong signature and rubbish are refused', async () => {
  await using api = await restTest();
  const { session } = await person(api);
  for (const format of ['fido-u2f', 'android-key', 'apple', 'x']) {
    const body = createAuthenticator().attest(await newChallenge(api, session), { format });
    problemIn(await api.post(PASSKEYS, { name: 'x', ...body }, session), 400, 'passkey_refused');
  }
  const rubbish = {
    ...createAuthenticator().attest(await newChallenge(api, session)),
    attestation_object: 'AAAA',
  };
  problemIn(await api.post(PASSKEYS, { name: 'x', ...rubbish }, session), 400, 'passkey_refused');
  const { device } = await withPasskey(api, session);
  const passkey = device.assert(await signInChallenge(api));
  const { signature } = createAuthenticator().assert(await signInChallenge(api));
  problemIn(await signIn(api, { passkey: { ...passkey, signature } }), 401);
  problemIn(await signIn(api, { passkey: { ...passkey, client_data: 'AAAA' } }), 401);
  assert.deepEqual(api.bugs, []);
});

test('a counter that has not grown is refused: somebody has a copy of the device', async () => {
  await using api = await restTest();
  const { session } = await person(api);
  const { device } = await withPasskey(api, session);
  const attempt = async (counter: number) => {
    device.counter = counter;
    return (await signIn(api, { passkey: device.assert(await signInChallenge(api)) })).statusCode;
  };
  assert.deepEqual(
    [await attempt(5), await attempt(5), await attempt(4), await attempt(6)],
    [201, 401, 401, 201],
  );
});

test('a passkey ends with its removal, by the person or an administrator, and with the access of the person', async () => {
  await using api = await restTest();
  const { id, session } = await person(api);
  const bob = await person(api, 'bob@example.com');
  const [first, second, third] = [
    await withPasskey(api, session, 'First'),
    await withPasskey(api, session, 'Second'),
    await withPasskey(api, session, 'Third'),
  ];
  const use = async ({ device }: typeof first) =>
    signIn(api, { passkey: device.assert(await signInChallenge(api)) });
  const remove = (path: string, call: object = {}) => api.call(path, { method: 'DELETE', ...call });
  const elsewhere = by(await use(first));
  problemIn(await remove(`${PASSKEYS}/${first.id}`, bob.session), 404, 'passkey_not_found');
  assert.equal((await remove(`${PASSKEYS}/${first.id}`, session)).statusCode, 204);
  problemIn(await use(first), 401);
  const status = async (one: Session) => (await api.call(SESSION, one)).statusCode;
  assert.deepEqual([await status(session), await status(elsewhere)], [200, 401]);
  const { passkeys } = (await api.call(`${PEOPLE}/${id}/passkeys`)).json();
  assert.deepEqual(passkeys.map(({ name }: { name: string }) => name).toSorted(), ['Second', 'Third']);
  problemIn(await api.call(`${PEOPLE}/${id}/passkeys`, { by: 'bert' }), 404, 'person_not_found');
  const ofBob = `${PEOPLE}/${bob.id}/passkeys/${second.id}`;
  problemIn(await remove(ofBob), 404, 'passkey_not_found');
  assert.equal((await remove(`${PEOPLE}/${id}/passkeys/${second.id}`)).statusCode, 204);
  assert.equal(await status(session), 401);
  problemIn(await use(second), 401);
  await api.call(`${PEOPLE}/${id}`, { method: 'PATCH', payload: { disabled: true } });
  problemIn(await use(third), 401);
  await api.call(`${PEOPLE}/${id}`, { method: 'PATCH', payload: { disabled: false } });
  assert.equal((await use(third)).statusCode, 201);
  await remove(`${PEOPLE}/${id}`);
  problemIn(await use(third), 401);
});

test('a passkey is created by a person who has signed in a short time ago, and by no key', async () => {
  await using api = await restTest();
  const { session } = await person(api);
  const challenge = await newChallenge(api, session);
  api.now += 899;
  await newChallenge(api, session);
  api.now += 1;
  problemIn(await api.post(`${PASSKEYS}/challenge`, undefined, session), 403, 'sign_in_again');
  const body = { name: 'x', ...createAuthenticator().attest(challenge) };
  problemIn(await api.post(PASSKEYS, body, session), 403, 'sign_in_again');
  for (const path of ['', '/challenge'])
    problemIn(await api.post(PASSKEYS + path, path === '' ? body : undefined), 409, 'no_session');
  problemIn(await api.call(PASSKEYS), 409, 'no_session');
});

test('there are passkeys with the address of the settings, or on localhost, and otherwise none', async () => {
  const optionsAt = async (host: string, publicUrl?: string) => {
    await using api = await restTest(undefined, publicUrl === undefined ? {} : { publicUrl });
    const headers = { host };
    const { passkeys } = (await api.call(`${SESSION}/options`, { by: null, headers })).json();
    const answer = await api.call(`${SESSION}/challenge`, { method: 'POST', by: null, headers });
    if (!passkeys) problemIn(answer, 409, 'passkeys_not_configured');
    return passkeys ? answer.json().rp_id : undefined;
  };
  assert.equal(await optionsAt('localhost:8080'), 'localhost');
  assert.equal(await optionsAt('127.0.0.1:8080'), undefined);
  assert.equal(await optionsAt('evil.example'), undefined);
  assert.equal(await optionsAt('localhost.evil.example'), undefined);
  assert.equal(await optionsAt('evil.example', 'https://rsp.example.com'), 'rsp.example.com');
  assert.equal(await optionsAt('rsp.example.com', 'https://192.0.2.1'), undefined);
  assert.equal(await optionsAt('rsp.example.com', 'http://rsp.example.com'), undefined);
});

test('an address cannot ask for any number of challenges, nor guess without being slowed down', async () => {
  await using api = await restTest();
  const { session } = await person(api);
  const { device } = await withPasskey(api, session);
  const passkey = device.assert(await signInChallenge(api));
  const wrong = { ...passkey, signature: 'AAAA' };
  const statuses = [];
  for (let n = 0; n < 12; n++) statuses.push((await signIn(api, { passkey: wrong })).statusCode);
  assert.deepEqual(statuses, [...Array(10).fill(401), 429, 429]);
  for (let n = 1; n < 20; n++) await signInChallenge(api);
  problemIn(await api.post(`${SESSION}/challenge`, undefined, { by: null }), 429, 'rate_limited');
});
