import { createConsoleLink } from '../../accounts/console-tickets.ts';
import { createAuthenticator } from '../passkeys/authenticator.harness.ts';
import { KEYS, ordered, type RestTest, stocked } from '../testing/rest.harness.ts';
import type { Try } from './openapi-try.testdata.ts';

const SESSION = '/api/v1/esim/session';
const PASSKEYS = '/api/v1/esim/passkeys';
const NO_PASSKEY = `passkey-${'0'.repeat(16)}`;
const PASSWORD = 'correct horse battery staple';
const byKey = { account_id: 'anna', api_key: KEYS.anna };
const UNKNOWN = { personId: `person-${'0'.repeat(16)}` };

/** Signs somebody in; resolves to the headers of a call by the session from a page of the server. */
async function signedIn(api: RestTest, body: object = byKey): Promise<Record<string, string>> {
  const answer = await api.post(SESSION, body, { by: null });
  const [cookie = ''] = String(answer.headers['set-cookie']).split(';');
  return { 'x-user-id': '', 'x-api-key': '', 'sec-fetch-site': 'same-origin', cookie };
}

async function ticket({ store, env, now }: RestTest): Promise<string> {
  const { random } = env();
  const baseUrl = 'http://localhost';
  const created = await createConsoleLink(store, { account: 'anna', baseUrl, random, now: now * 1000 });
  return created?.link.split('#')[1] ?? '';
}

let counter = 0;

/** Invites somebody; resolves to the person and the invitation. */
async function invited(api: RestTest, role = 'admin') {
  const body = { name: 'Ada', email: `ada${++counter}@example.com`, role };
  const { id, email, invitation } = (await api.post('/api/v1/esim/people', body)).json();
  return { path: { personId: String(id) }, email: String(email), ticket: String(invitation.ticket) };
}

/** The headers of a person who has accepted an invitation. */
async function person(api: RestTest) {
  const { path, ticket } = await invited(api);
  return { path, headers: await signedIn(api, { ticket, password: PASSWORD }) };
}

/** A person with a passkey. */
async function withPasskey(api: RestTest) {
  const { path, headers } = await person(api);
  const challenge = (await api.call(`${PASSKEYS}/challenge`, { method: 'POST', headers })).json();
  const device = createAuthenticator();
  const payload = { name: 'Laptop', ...device.attest(challenge), transports: ['internal'] };
  const { id } = (await api.call(PASSKEYS, { method: 'POST', headers, payload })).json();
  return { path: { ...path, passkeyId: String(id) }, headers, device, payload };
}

/** Headers of a person whose session began long ago. */
async function stale(api: RestTest) {
  const { headers } = await person(api);
  api.now += 3600;
  return headers;
}

export const sessionTries: Readonly<Record<string, (api: RestTest) => Promise<readonly Try[]>>> = {
  createSession: async (api) => [
    { body: byKey },
    { body: { ticket: await ticket(api) } },
    { body: { ticket: (await invited(api)).ticket, password: PASSWORD } },
    {
      body: {
        passkey: (await withPasskey(api)).device.assert(
          (await api.post(`${SESSION}/challenge`, undefined, { by: null })).json(),
        ),
      },
    },
    { body: { ticket: 'wrong' } },
    { body: { ticket: 'one', ...byKey } },
    { body: byKey, headers: { origin: 'https://other.example' } },
  ],
  getSignInOptions: async () => [{}],
  createSignInChallenge: async () => [{}, { headers: { host: '192.0.2.1' } }],
  listPasskeys: async (api) => [{ headers: (await withPasskey(api)).headers }, {}],
  createPasskeyChallenge: async (api) => {
    const old = await stale(api);
    return [{ headers: (await withPasskey(api)).headers }, {}, { headers: old }];
  },
  createPasskey: async (api) => {
    const old = await stale(api);
    const { headers, payload } = await withPasskey(api);
    const challenge = (await api.call(`${PASSKEYS}/challenge`, { method: 'POST', headers })).json();
    const body = { name: 'Phone', ...createAuthenticator().attest(challenge) };
    return [
      { headers, body },
      { headers, body: payload },
      { body: payload },
      { headers: old, body: payload },
    ];
  },
  deletePasskey: async (api) => {
    const { headers, path } = await withPasskey(api);
    const { passkeyId } = path;
    return [
      { headers, path: { passkeyId } },
      { headers, path: { passkeyId: NO_PASSKEY } },
      { path: { passkeyId } },
    ];
  },
  listPersonPasskeys: async (api) => [{ path: (await withPasskey(api)).path }, { path: UNKNOWN }],
  deletePersonPasskey: async (api) => {
    const { path } = await withPasskey(api);
    return [{ path }, { path: { ...path, passkeyId: NO_PASSKEY } }];
  },
  getSession: async (api) => [{}, { headers: await signedIn(api) }, { headers: (await person(api)).headers }],
  deleteSession: async (api) => {
    const headers = await signedIn(api);
    return [{}, { headers: { ...headers, 'sec-fetch-site': 'same-site' } }, { headers }];
  },
  listSessions: async (api) => [{}, { headers: (await person(api)).headers }],
  deleteSessions: async (api) => {
    const headers = await signedIn(api);
    return [{ headers: { ...headers, 'sec-fetch-site': 'same-site' } }, { headers }, {}];
  },
  deleteOwnSession: async (api) => {
    const { headers } = await person(api);
    const [{ id: sessionId }] = (await api.call('/api/v1/esim/sessions', { headers })).json().sessions;
    const path = { sessionId };
    const foreign = { ...headers, 'sec-fetch-site': 'same-site' };
    return [{ path, headers: foreign }, { path }, { path, headers }];
  },
  changePassword: async (api) => {
    const { headers } = await person(api);
    const new_password = 'another long sentence';
    return [
      { body: { password: PASSWORD, new_password } },
      { headers, body: { password: 'wrong', new_password } },
      { headers, body: { password: PASSWORD, new_password } },
    ];
  },
  listPeople: async (api) => {
    await invited(api);
    return [{}];
  },
  createPerson: async (api) => {
    const { email } = await invited(api);
    const body = { name: 'Bob', email: `bob${++counter}@example.com`, role: 'viewer' };
    return [{ body }, { body: { ...body, email } }];
  },
  updatePerson: async (api) => {
    const { path, headers } = await person(api);
    return [
      { path, headers, body: { role: 'viewer' } },
      { path, body: { name: 'Ada L.', role: 'operator', disabled: true } },
      { path: UNKNOWN, body: { name: 'Nobody' } },
    ];
  },
  deletePerson: async (api) => {
    const { path, headers } = await person(api);
    return [{ path, headers }, { path }, { path: UNKNOWN }];
  },
  invitePerson: async (api) => [{ path: (await invited(api)).path }, { path: UNKNOWN }],
  deletePersonSessions: async (api) => [{ path: (await person(api)).path }, { path: UNKNOWN }],
  mailInvitation: async (api) => [
    { path: (await invited(api)).path, body: {} },
    { path: UNKNOWN, body: { language: 'de' } },
  ],
  search: async (api) => {
    const { iccid } = await ordered(api);
    return [{ query: `?q=${iccid}` }, { query: '?q=%01' }];
  },
  readActivationCode: async (api) => [
    { path: { iccid: (await ordered(api)).iccid } },
    { path: { iccid: await stocked(api) } },
    { path: { iccid: '8900000000000000000' } },
  ],
};
