import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { deleteProfile, disableProfile, enableProfile, sendNotifications } from '@esim-rsp/euicc';
import type { ApiError, ESIMRSPApi, ProfileEvent } from '@esim-rsp/sdk';
import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { runEsim } from '../../harness/esim.ts';
import { freeAddresses } from '../../harness/free-port.ts';
import { downloadBy, newPhone } from '../../harness/phone.ts';
import { released } from '../../harness/profiles.ts';
import { account, apiAt, type ServerProcess, sameAddresses, startServer } from '../../harness/server.ts';

let server: ServerProcess;
before(async () => {
  server = await startServer();
});
after(() => server[Symbol.asyncDispose]());

const reported = ({ type, from, to, actor, reason }: ProfileEvent) =>
  [
    type,
    from ?? '-',
    to,
    actor.kind,
    ...(reason ? [`${reason.subject_code}/${reason.reason_code}`] : []),
  ].join(' ');

async function historyOf(api: ESIMRSPApi, iccid: string): Promise<ProfileEvent[]> {
  return (await api.getEUICCProfileHistory(iccid)).data.events;
}

test('the history of a profile is exactly what happened, with who did it and in which session', async () => {
  const { iccid, activationCode } = await released(server, undefined, { confirmation_code: '2468' });
  await using phone = await newPhone(server);
  await downloadBy(phone, activationCode, '1357', '2468');
  await sendNotifications(phone.env);
  await enableProfile(phone.env.es10, parseIccid(iccid));
  await disableProfile(phone.env.es10, parseIccid(iccid));
  await deleteProfile(phone.env.es10, parseIccid(iccid));
  await sendNotifications(phone.env);
  await sendNotifications(phone.env);
  const events = await historyOf(server.api, iccid);
  assert.deepEqual(events.map(reported), [
    'profile.created - AVAILABLE user',
    'profile.ordered AVAILABLE ALLOCATED user',
    'profile.released ALLOCATED RELEASED user',
    'download.checked RELEASED RELEASED device',
    'confirmation_code.wrong RELEASED RELEASED device 8.2.7/3.8',
    'profile.downloaded RELEASED DOWNLOADED device',
    'profile.installed DOWNLOADED INSTALLED device',
    'profile.enabled INSTALLED ENABLED device',
    'profile.disabled ENABLED DISABLED device',
    'profile.deleted DISABLED DELETED device',
  ]);
  const opened = phone.said.find(({ transactionId }) => transactionId !== undefined)?.transactionId;
  for (const { type, transaction_id, actor } of events.slice(3)) {
    assert.equal(actor.eid, phone.phone.card().eid);
    const inSession = !['profile.enabled', 'profile.disabled', 'profile.deleted'].includes(type);
    assert.equal(transaction_id, inSession ? opened : undefined, type);
  }
  const place = { cwd: server.dataDir, env: { ESIM_URL: server.restUrl, ...credentials } };
  const shown = await runEsim(place, 'profile', 'history', iccid);
  assert.equal(shown.code, 0, shown.err);
  assert.match(
    shown.out,
    /confirmation_code\.wrong +RELEASED +device \d{32} +[0-9A-F]{32} +8\.2\.7\/3\.8: the confirmation code/,
  );
  assert.ok(!/2468|1357/.test(shown.out + JSON.stringify(events)));
});

const credentials = {
  ESIM_USER_ID: account.ESIM_BOOTSTRAP_USER_ID,
  ESIM_API_KEY: account.ESIM_BOOTSTRAP_API_KEY,
};

test('an order that fails or is put off says so', async () => {
  const { iccid, activationCode } = await released(server);
  await using phone = await newPhone(server, {
    through: (es9) => ({
      post: async (address, path, body) => {
        const answer = await es9.post(address, path, body);
        if (!path.endsWith('/getBoundProfilePackage')) return answer;
        const { boundProfilePackage, ...others } = answer.body as { boundProfilePackage: string };
        const broken = `${boundProfilePackage.slice(0, -40)}${'A'.repeat(40)}`;
        return { ...answer, body: { ...others, boundProfilePackage: broken } };
      },
    }),
  });
  await assert.rejects(downloadBy(phone, activationCode));
  await sendNotifications(phone.env);
  const last = (await historyOf(server.api, iccid)).at(-1) ?? assert.fail();
  assert.equal(last.type, 'profile.error');
  assert.equal(last.from, 'DOWNLOADED');
  assert.ok(last.reason !== undefined && last.transaction_id !== undefined);
});

/** The next events of a stream, until `count` of them have come. */
async function taken(events: AsyncGenerator<ProfileEvent>, count: number): Promise<ProfileEvent[]> {
  const got: ProfileEvent[] = [];
  while (got.length < count) {
    const { value, done } = await events.next();
    if (done) break;
    got.push(value);
  }
  return got;
}

test('a stream goes on where it was when the server was started anew, without loss or repeat', async () => {
  const own = await startServer(await freeAddresses());
  const stop = new AbortController();
  const first = await released(own);
  const stream = own.api.followEvents({ cursor: '0' }, { signal: stop.signal });
  const before = await taken(stream, 3);
  const waiting = taken(stream, 3);
  await own.close();
  const again = await startServer({ ...sameAddresses(own), ESIM_DATA_DIR: own.dataDir });
  const second = await released(again);
  const all = [...before, ...(await waiting)];
  stop.abort();
  await stream.return();
  assert.deepEqual(
    all.map(({ iccid, type }) => [iccid, type]),
    [first, second].flatMap(({ iccid }) =>
      ['profile.created', 'profile.ordered', 'profile.released'].map((type) => [iccid, type]),
    ),
  );
  const ids = all.map(({ id }) => id);
  assert.deepEqual(
    ids,
    [...new Set(ids)].toSorted((a, b) => a - b),
  );
  await again[Symbol.asyncDispose]();
  await own[Symbol.asyncDispose]();
});

test('events are narrowed by profile and type, paged, and those of other accounts are not seen', async () => {
  const { iccid } = await released(server);
  const { data } = await server.api.listEvents({ iccid, types: 'profile.ordered,profile.released' });
  assert.deepEqual(
    data.events.map(({ type }) => type),
    ['profile.ordered', 'profile.released'],
  );
  const { data: page } = await server.api.listEvents({ count: 1 });
  assert.deepEqual([page.events.length, page.more], [1, true]);
  const { data: next } = await server.api.listEvents({ count: 1, cursor: page.next_cursor });
  assert.ok((next.events[0]?.id ?? 0) > Number(page.next_cursor));
  const place = { cwd: server.dataDir, env: { ESIM_DATA_DIR: server.dataDir } };
  assert.equal((await runEsim(place, 'account', 'create', 'Other', '--user-id', 'other')).code, 0);
  const key = (await runEsim(place, 'key', 'create', 'other')).out.trim();
  const env = { ESIM_URL: server.restUrl, ESIM_USER_ID: 'other', ESIM_API_KEY: key };
  const foreign = await runEsim({ cwd: server.dataDir, env }, 'events', '--json');
  assert.deepEqual([foreign.code, foreign.out], [0, '']);
  assert.equal((await runEsim({ cwd: server.dataDir, env }, 'profile', 'history', iccid)).code, 1);
});

test('an account has twenty streams at most, and one that is closed makes room', async () => {
  const headers = {
    accept: 'text/event-stream',
    'x-user-id': account.ESIM_BOOTSTRAP_USER_ID,
    'x-api-key': account.ESIM_BOOTSTRAP_API_KEY,
  };
  const url = `${server.restUrl}/api/v1/esim/events`;
  const open = await Promise.all(Array.from({ length: 20 }, () => fetch(url, { headers })));
  assert.ok(open.every(({ status }) => status === 200));
  const [first] = open;
  assert.match(first?.headers.get('content-type') ?? '', /^text\/event-stream/);
  assert.equal(first?.headers.get('cache-control'), 'no-store, private');
  const refused = await fetch(url, { headers });
  assert.equal(refused.status, 503);
  await Promise.all(open.map(({ body }) => body?.cancel()));
  for (let tries = 0; (await fetch(url, { headers })).status !== 200; tries++) assert.ok(tries < 200);
});

test('events name the key of the user who caused them', async () => {
  const { data: key } = await server.api.createApiKey({ scope: 'order' });
  const api = apiAt(server.restUrl, { ...account, ESIM_BOOTSTRAP_API_KEY: key.api_key });
  const { iccid } = await released({ ...server, api });
  const events = await historyOf(server.api, iccid);
  assert.deepEqual(
    events.map(({ actor }) => actor),
    events.map(() => ({ kind: 'user', key_id: key.id })),
  );
});

test('followEvents rejects when the key of the caller is revoked', async () => {
  const { data: key } = await server.api.createApiKey({ scope: 'read' });
  const api = apiAt(server.restUrl, { ...account, ESIM_BOOTSTRAP_API_KEY: key.api_key });
  const stream = api.followEvents();
  const rejected = assert.rejects(stream.next(), (error: ApiError) => error.status === 401);
  await server.api.deleteApiKey(key.id);
  await rejected;
});
