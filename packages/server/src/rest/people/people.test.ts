import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addApiKey } from '../../accounts/accounts.ts';
import { createSignInAttempts } from '../../limits/sign-in/sign-in-attempts.ts';
import { MOST_ACCOUNTS_OF_EMAIL } from '../../store/ports/people/people.ts';
import { LIST, ordered, problemIn, type RestTest, restTest, stocked } from '../testing/rest.harness.ts';

const PEOPLE = '/api/v1/esim/people';
const SESSION = '/api/v1/esim/session';
const PASSWORD = 'correct horse battery staple';

async function invite(api: RestTest, role = 'support', email = 'ada@example.com') {
  const answer = await api.post(PEOPLE, { name: 'Ada', email, role });
  assert.equal(answer.statusCode, 201, answer.body);
  return answer.json();
}

const signIn = (api: RestTest, body: object) => api.post(SESSION, body, { by: null });

/** What calls by this session need, from a page of the server. */
function by(answer: { readonly headers: Record<string, unknown>; readonly statusCode: number }) {
  assert.equal(answer.statusCode, 201);
  const [cookie = ''] = String(answer.headers['set-cookie']).split(';');
  return { by: null, headers: { cookie, 'sec-fetch-site': 'same-origin' } } as const;
}

/** Invites somebody who accepts. */
async function person(api: RestTest, role = 'support', email = 'ada@example.com') {
  const { id, invitation } = await invite(api, role, email);
  const answer = await signIn(api, { ticket: invitation.ticket, password: PASSWORD });
  return { id: String(id), answer, session: by(answer) };
}

test('an invitation is accepted once with a password, which signs in from then on', async () => {
  await using api = await restTest();
  const { id, state, invitation } = await invite(api, 'viewer', 'Ada@Example.com');
  assert.equal(state, 'invited');
  assert.equal(invitation.path, `/console/accept#${invitation.ticket}`);
  problemIn(await signIn(api, { ticket: invitation.ticket }), 400, 'validation_failed');
  problemIn(
    await signIn(api, { ticket: invitation.ticket, password: 'too short' }),
    400,
    'validation_failed',
  );
  const accepted = await signIn(api, { ticket: invitation.ticket, password: PASSWORD });
  assert.deepEqual(accepted.json().person, { id, name: 'Ada', email: 'ada@example.com' });
  assert.deepEqual([accepted.json().role, accepted.json().permissions], ['viewer', ['read']]);
  problemIn(await signIn(api, { ticket: invitation.ticket, password: PASSWORD }), 401, 'unauthorized');
  const again = await signIn(api, { email: 'ADA@example.com', password: PASSWORD });
  assert.deepEqual(again.json().person, accepted.json().person);
  const { people } = (await api.call(PEOPLE)).json();
  assert.deepEqual([people[0].state, people[0].signed_in_at], ['active', '2027-01-15T08:00:00Z']);
  assert.ok(!JSON.stringify(people).includes('argon2'));
  assert.match(
    (await api.store.person('anna', id))?.passwordHash ?? '',
    /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/,
  );
});

test('an invitation ends after three days, and when another one is made', async () => {
  await using api = await restTest();
  const { id, invitation } = await invite(api);
  const second = (await api.post(`${PEOPLE}/${id}/invitation`, {})).json().invitation;
  problemIn(await signIn(api, { ticket: invitation.ticket, password: PASSWORD }), 401);
  api.now += 3 * 86_400;
  problemIn(await signIn(api, { ticket: second.ticket, password: PASSWORD }), 401);
  const third = (await api.post(`${PEOPLE}/${id}/invitation`, {})).json().invitation;
  assert.equal((await signIn(api, { ticket: third.ticket, password: PASSWORD })).statusCode, 201);
});

test('of two invitations of a person at the same moment exactly one can be accepted', async () => {
  await using api = await restTest();
  const { id } = await invite(api);
  const again = () => api.post(`${PEOPLE}/${id}/invitation`, {});
  const tickets = (await Promise.all([again(), again()])).map((answer) => answer.json().invitation.ticket);
  const answers = [];
  for (const ticket of tickets) answers.push(await signIn(api, { ticket, password: PASSWORD }));
  assert.deepEqual(answers.map(({ statusCode }) => statusCode).toSorted(), [201, 401]);
});

test('a wrong password, an unknown address and a disabled person get the same answer', async () => {
  await using api = await restTest();
  const { id } = await person(api);
  const disabled = await person(api, 'viewer', 'bob@example.com');
  await api.call(`${PEOPLE}/${disabled.id}`, { method: 'PATCH', payload: { disabled: true } });
  const answers = [];
  for (const [email, password] of [
    ['ada@example.com', 'a wrong password'],
    ['nobody@example.com', PASSWORD],
    ['bob@example.com', PASSWORD],
  ])
    answers.push(problemIn(await signIn(api, { email, password }), 401, 'unauthorized').message);
  assert.equal(new Set(answers).size, 1);
  assert.ok(id);
});

const noLimit = createSignInAttempts(0, {
  takeSignInAttempt: async () => 0,
  giveBackSignInAttempts: async () => undefined,
});

test('an unknown address, a disabled person and a wrong password take the same time', async () => {
  await using api = await restTest(undefined, { attempts: noLimit });
  await person(api);
  const disabled = await person(api, 'viewer', 'bob@example.com');
  await api.call(`${PEOPLE}/${disabled.id}`, { method: 'PATCH', payload: { disabled: true } });
  const fastest = new Map<string, number>();
  for (let n = 0; n < 8; n++)
    for (const email of ['ada@example.com', 'bob@example.com', 'nobody@example.com']) {
      const begin = performance.now();
      problemIn(await signIn(api, { email, password: 'a wrong password' }), 401);
      const time = performance.now() - begin;
      fastest.set(email, Math.min(time, fastest.get(email) ?? time));
    }
  const times = [...fastest.values()];
  const [least, most] = [Math.min(...times), Math.max(...times)];
  assert.ok(most < 2 * least, `a hash takes nearly all of the time: ${JSON.stringify([...fastest])}`);
});

test('guesses of a password are slowed down for each address and each person', async () => {
  await using api = await restTest();
  await person(api);
  const guess = (n: number) =>
    api.app.inject({
      method: 'POST',
      url: SESSION,
      payload: { email: 'ada@example.com', password: `wrong password ${n}` },
      remoteAddress: `192.0.2.${Math.floor(n / 10)}`,
    });
  const statuses = [];
  for (let n = 0; n < 52; n++) statuses.push((await guess(n)).statusCode);
  assert.deepEqual(statuses, [...Array(50).fill(401), 429, 429]);
  problemIn(await signIn(api, { email: 'ada@example.com', password: PASSWORD }), 429, 'rate_limited');
  problemIn(await signIn(api, { email: 'bob@example.com', password: PASSWORD }), 401, 'unauthorized');
});

test('the same address in two accounts signs in to each with its password, or with the account named', async () => {
  await using api = await restTest();
  await person(api);
  const invitation = (
    await api.post(PEOPLE, { name: 'Ada', email: 'ada@example.com', role: 'viewer' }, { by: 'bert' })
  ).json();
  await signIn(api, { ticket: invitation.invitation.ticket, password: 'another long sentence' });
  const accountOf = async (body: object) =>
    (await signIn(api, { email: 'ada@example.com', ...body })).json().account_id;
  assert.equal(await accountOf({ password: PASSWORD }), 'anna');
  assert.equal(await accountOf({ password: 'another long sentence' }), 'bert');
  assert.equal(await accountOf({ password: PASSWORD, account_id: 'anna' }), 'anna');
  assert.equal(await accountOf({ password: PASSWORD, account_id: 'bert' }), undefined);
});

test('other accounts that have the same address keep nobody out who names the account', async () => {
  await using api = await restTest();
  await person(api);
  for (let n = 0; n < MOST_ACCOUNTS_OF_EMAIL; n++) {
    const account = `other-${n}`;
    await api.store.addAccount({ id: account, name: account, createdAt: 1 });
    const other = {
      id: `person-${n}`,
      account,
      email: 'ada@example.com',
      name: 'Ada',
      role: 'viewer',
    } as const;
    await api.store.addPerson({ ...other, createdAt: 1, signedInAt: api.now + 60 });
  }
  const named = { email: 'Ada@example.com', password: PASSWORD, account_id: 'anna' };
  assert.equal((await signIn(api, named)).json().account_id, 'anna');
  problemIn(await signIn(api, { ...named, account_id: 'other-0' }), 401, 'unauthorized');
});

test('a role decides what a person sees and does', async () => {
  await using api = await restTest();
  const { iccid, activation_code } = await ordered(api);
  const may = async (role: string) => {
    const { session } = await person(api, role, `${role}@example.com`);
    const shown = await api.call(`${LIST}/${iccid}`, session);
    const listed = await api.call(LIST, session);
    const statusOf = async (method: 'GET' | 'POST', path: string, payload?: object) =>
      (await api.call(path, { method, ...session, ...(payload && { payload }) })).statusCode;
    return {
      seesCodes: [shown, listed].map(({ body }) => body.includes(activation_code)),
      reveal: await statusOf('POST', `${LIST}/${iccid}/activation-code`),
      secrets: await statusOf('POST', `${LIST}/${iccid}/secrets`, { kinds: ['puk'] }),
      adm1: await statusOf('POST', `${LIST}/${iccid}/secrets`, { kinds: ['adm1'] }),
      order: await statusOf('POST', `${LIST}/${await stocked(api)}/order`, {}),
      replace: await statusOf('POST', `${LIST}/${(await ordered(api)).iccid}/replace`, { by: 'new_code' }),
      cancel: await statusOf('POST', `${LIST}/${(await ordered(api)).iccid}/cancel`, {}),
      people: await statusOf('GET', PEOPLE),
      audit: await statusOf('GET', '/api/v1/esim/audit'),
    };
  };
  const denied = {
    reveal: 403,
    secrets: 403,
    adm1: 403,
    order: 403,
    replace: 403,
    cancel: 403,
    people: 403,
    audit: 403,
  };
  assert.deepEqual(await may('viewer'), { seesCodes: [false, false], ...denied });
  const { replace, ...support } = await may('support');
  assert.deepEqual(support, {
    seesCodes: [false, false],
    ...{ reveal: 200, secrets: 200, adm1: 403, order: 403, cancel: 200, people: 403, audit: 403 },
  });
  assert.notEqual(replace, 403);
  const operator = await may('operator');
  assert.deepEqual(
    [operator.seesCodes, operator.order, operator.adm1, operator.people],
    [[false, false], 200, 403, 403],
  );
  const admin = await may('admin');
  assert.deepEqual([admin.adm1, admin.people, admin.audit], [200, 200, 200]);
});

test('a code that support reads is in the audit log with the name of the person; events name the person too', async () => {
  await using api = await restTest();
  const { iccid, activation_code } = await ordered(api);
  const { id, session } = await person(api);
  const read = (await api.post(`${LIST}/${iccid}/activation-code`, {}, session)).json();
  assert.deepEqual([read.activation_code, read.confirmation_code_required], [activation_code, false]);
  assert.match(read.install_links.apple, /carddata=LPA/);
  await api.post(`${LIST}/${iccid}/cancel`, {}, session);
  const { entries } = (await api.call(`/api/v1/esim/audit?person_id=${id}`)).json();
  assert.deepEqual(
    entries.map((one: Record<string, unknown>) => [one.operation, one.person_id, one.person, one.key_id]),
    ['cancelEUICCProfile', 'readActivationCode', 'createSession'].map((name) => [name, id, 'Ada', undefined]),
  );
  assert.equal(entries[1].target, iccid);
  assert.ok(!JSON.stringify(entries).includes(activation_code));
  const { events } = (await api.call(`${LIST}/${iccid}/history?sort=newest&count=1`)).json();
  assert.deepEqual(events[0].actor, { kind: 'user', person_id: id });
});

test('a change of role or access, a deletion and a new password end the sessions of a person', async () => {
  await using api = await restTest();
  const { id, session } = await person(api);
  const update = (payload: object) => api.call(`${PEOPLE}/${id}`, { method: 'PATCH', payload });
  const status = async (one: object) => (await api.call(SESSION, one)).statusCode;
  await update({ name: 'Ada L.' });
  assert.equal(await status(session), 200);
  const next = async () => by(await signIn(api, { email: 'ada@example.com', password: PASSWORD }));
  assert.equal((await update({ role: 'operator' })).json().role, 'operator');
  assert.equal(await status(session), 401);
  const second = await next();
  assert.equal((await update({ disabled: true })).json().state, 'disabled');
  assert.equal(await status(second), 401);
  problemIn(await signIn(api, { email: 'ada@example.com', password: PASSWORD }), 401);
  assert.equal((await update({ disabled: false })).json().state, 'active');
  const [third, fourth] = [await next(), await next()];
  const change = (password: string, one = third) =>
    api.post(`${SESSION}/password`, { password, new_password: 'another long sentence' }, one);
  problemIn(await change('wrong'), 403, 'wrong_password');
  assert.equal((await change(PASSWORD)).statusCode, 204);
  assert.deepEqual([await status(third), await status(fourth)], [200, 401]);
  problemIn(await signIn(api, { email: 'ada@example.com', password: PASSWORD }), 401);
  assert.equal((await api.call(`${PEOPLE}/${id}`, { method: 'DELETE' })).statusCode, 204);
  assert.equal(await status(third), 401);
  problemIn(await api.call(`${PEOPLE}/${id}`, { method: 'DELETE' }), 404, 'person_not_found');
});

test('people see their own sessions only, and end all of them', async () => {
  await using api = await restTest();
  const ada = await person(api);
  const bob = await person(api, 'viewer', 'bob@example.com');
  await signIn(api, { email: 'ada@example.com', password: PASSWORD });
  const SESSIONS = '/api/v1/esim/sessions';
  const { sessions } = (await api.call(SESSIONS, ada.session)).json();
  assert.deepEqual(sessions.map(({ current }: { current: boolean }) => current).toSorted(), [false, true]);
  assert.deepEqual([sessions[0].address, sessions[0].user_agent], ['127.0.0.1', 'lightMyRequest']);
  assert.equal((await api.call(SESSIONS, { method: 'DELETE', ...ada.session })).statusCode, 204);
  assert.equal((await api.call(SESSION, ada.session)).statusCode, 401);
  assert.equal((await api.call(SESSIONS, bob.session)).json().sessions.length, 1);
});

test('a person ends one session elsewhere, and an administrator all of them', async () => {
  await using api = await restTest();
  const { id, session } = await person(api);
  const bob = await person(api, 'viewer', 'bob@example.com');
  const other = by(await signIn(api, { email: 'ada@example.com', password: PASSWORD }));
  const status = async (one: object) => (await api.call(SESSION, one)).statusCode;
  const SESSIONS = '/api/v1/esim/sessions';
  const idOf = async (one: object) =>
    (await api.call(SESSIONS, one)).json().sessions.find(({ current }: { current: boolean }) => current)
      .id as string;
  const end = (which: string, one: object) => api.call(`${SESSIONS}/${which}`, { method: 'DELETE', ...one });
  problemIn(await end(await idOf(bob.session), session), 404, 'session_not_found');
  assert.equal(await status(bob.session), 200);
  assert.equal((await end(await idOf(other), session)).statusCode, 204);
  assert.deepEqual([await status(other), await status(session)], [401, 200]);
  const third = by(await signIn(api, { email: 'ada@example.com', password: PASSWORD }));
  const endAll = (by: 'anna' | 'bert') => api.call(`${PEOPLE}/${id}/sessions`, { method: 'DELETE', by });
  problemIn(await endAll('bert'), 404, 'person_not_found');
  assert.equal((await endAll('anna')).statusCode, 204);
  assert.deepEqual([await status(third), await status(session), await status(bob.session)], [401, 401, 200]);
  assert.equal((await end(await idOf(bob.session), bob.session)).statusCode, 204);
  assert.equal(await status(bob.session), 401);
});

test('nobody gives away more than they may do, and nobody locks themselves out', async () => {
  await using api = await restTest();
  const { id, session } = await person(api, 'admin');
  const limited = { by: null, headers: { 'x-user-id': 'anna', 'x-api-key': 'limited' } } as const;
  const { random } = api.env();
  await addApiKey(api.store, {
    ...{ userId: 'anna', apiKey: 'limited', random, now: 0, permissions: ['read', 'admin'] },
  });
  problemIn(
    await api.post(PEOPLE, { name: 'A', email: 'a@b.c', role: 'operator' }, limited),
    403,
    'forbidden',
  );
  assert.equal(
    (await api.post(PEOPLE, { name: 'A', email: 'a@b.c', role: 'viewer' }, limited)).statusCode,
    201,
  );
  problemIn(await api.post(`${PEOPLE}/${id}/invitation`, {}, limited), 403, 'forbidden');
  for (const method of ['PATCH', 'DELETE'] as const) {
    const payload = method === 'PATCH' ? { payload: { role: 'viewer' } } : {};
    problemIn(await api.call(`${PEOPLE}/${id}`, { method, ...payload, ...limited }), 403, 'forbidden');
    problemIn(await api.call(`${PEOPLE}/${id}`, { method, ...payload, ...session }), 409, 'own_person');
  }
  assert.equal(
    (await api.call(`${PEOPLE}/${id}`, { method: 'PATCH', payload: { name: 'A' }, ...session })).statusCode,
    200,
  );
});

test('an account has an address once, and sees its own people only', async () => {
  await using api = await restTest();
  const { id } = await invite(api);
  const again = await api.post(PEOPLE, { name: 'Other', email: 'ADA@example.com', role: 'viewer' });
  problemIn(again, 409, 'person_exists');
  assert.deepEqual((await api.call(PEOPLE, { by: 'bert' })).json(), { people: [] });
  for (const method of ['PATCH', 'DELETE'] as const)
    problemIn(
      await api.call(`${PEOPLE}/${id}`, {
        method,
        by: 'bert',
        ...(method === 'PATCH' && { payload: { name: 'x' } }),
      }),
      404,
      'person_not_found',
    );
  problemIn(await api.post(`${PEOPLE}/${id}/invitation`, {}, { by: 'bert' }), 404, 'person_not_found');
});
