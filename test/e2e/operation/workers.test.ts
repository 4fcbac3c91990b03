import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { Agent, type ClientRequest, type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { encode, fromHex, toBase64 } from '@esim-rsp/codec';
import { sendNotifications } from '@esim-rsp/euicc';
import { es9Transport } from '@esim-rsp/phone';
import { type ApiError, Configuration, ESIMRSPApi, type ProfileEvent } from '@esim-rsp/sdk';
import { readPkiDirectory } from '@esim-rsp/server/keys/pki-directory';
import { EUICCInfo1 } from '@esim-rsp/sgp22/asn1/euicc-info';
import { certificatesIn } from '@esim-rsp/sgp22/pki/certificate';
import { trustCi } from '@esim-rsp/sgp22/pki/trust';
import { downloadBy, newPhone, type TestPhone } from '../../harness/phone.ts';
import { released, stateOf, subscription } from '../../harness/profiles.ts';
import { startReceiver, until } from '../../harness/receiver.ts';
import { account, type ServerProcess, startServer } from '../../harness/server.ts';

/** A server with two workers. It hands connections out in turn, so two new connections reach both. */

const settings = { ESIM_WORKERS: '2', ESIM_WEBHOOK_ALLOW_PRIVATE: '1', ESIM_LOG_LEVEL: 'info' };
let server: ServerProcess;
before(async () => {
  server = await startServer(settings);
});
after(() => server[Symbol.asyncDispose]());

const path = '/api/v1/esim/euicc-profiles';
const headers = {
  'x-user-id': account.ESIM_BOOTSTRAP_USER_ID,
  'x-api-key': account.ESIM_BOOTSTRAP_API_KEY,
};

/** The status of a GET over a connection of its own. */
async function statusOver(agent: Agent | false, by: Readonly<Record<string, string>> = headers) {
  const [response] = (await once(
    request(`${server.restUrl}${path}?count=1`, { agent, headers: by }).end(),
    'response',
  )) as [IncomingMessage];
  response.resume();
  await once(response, 'end');
  return response.statusCode;
}

function workersOf({ pid }: ServerProcess): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return children.trim().split(' ').filter(Boolean).map(Number);
}

const onLinux = { skip: process.platform !== 'linux' && 'it reads the workers of a process from /proc' };

/** A phone that opens a connection for each call. */
async function phoneOf(connections: { count: number }): Promise<TestPhone> {
  const pki = (await readPkiDirectory(server.pkiDir)) ?? assert.fail();
  const [ci] = certificatesIn(
    pki.get('CertificateIssuer/CERT_CI_ECDSA_NIST.der') ?? assert.fail([...pki.keys()].join(' ')),
  );
  const trust = [trustCi(ci ?? assert.fail())];
  return newPhone(server, {
    through: () => ({
      post: async (address, path, body) => {
        using es9 = es9Transport({ trust });
        connections.count += 1;
        return await es9.post(address, path, body);
      },
    }),
  });
}

const expectedEvents = [
  'profile.created',
  'profile.ordered',
  'profile.released',
  'download.checked',
  'profile.downloaded',
  'profile.installed',
];

test('the calls of downloads reach different workers, and every profile is installed', async () => {
  const connections = { count: 0 };
  const iccids = await Promise.all(
    Array.from({ length: 6 }, async () => {
      const { iccid, activationCode } = await released(server);
      await using phone = await phoneOf(connections);
      await downloadBy(phone, activationCode);
      await sendNotifications(phone.env);
      return iccid;
    }),
  );
  for (const iccid of iccids) {
    assert.equal(await stateOf(server, iccid), 'INSTALLED');
    const { events } = (await server.api.getEUICCProfileHistory(iccid)).data;
    assert.deepEqual(
      events.map(({ type }) => type),
      expectedEvents,
    );
  }
  assert.ok(connections.count >= 6 * 5, `${connections.count} connections`);
});

test('connections in a row reach both workers', onLinux, async () => {
  const workers = workersOf(server);
  assert.equal(workers.length, 2);
  await using phone = await phoneOf({ count: 0 });
  const info = { svn: fromHex('020200'), euiccCiPKIdListForVerification: [], euiccCiPKIdListForSigning: [] };
  const refused = {
    euiccChallenge: toBase64(new Uint8Array(16)),
    euiccInfo1: toBase64(encode(EUICCInfo1, info)),
    smdpAddress: 'elsewhere.example.com',
  };
  const initiate = '/gsma/rsp2/es9plus/initiateAuthentication';
  for (let i = 0; i < 4; i++) await phone.env.es9.post(server.smdpAddress, initiate, refused);
  const pids = () =>
    server
      .log()
      .split('\n')
      .filter((line) =>
        /"function":"initiateAuthentication","subject_code":"8\.8\.1","reason_code":"3\.8"/.test(line),
      )
      .map((line) => (JSON.parse(line) as { pid: number }).pid);
  await until(() => pids().length === 4);
  assert.deepEqual([...new Set(pids())].toSorted(), workers.toSorted());
});

test('an event from one worker reaches the followers on all workers within a second', async () => {
  const stop = new AbortController();
  const streams = [0, 1].map(() => server.api.followEvents({}, { signal: stop.signal }));
  const create = async () => (await server.api.createEUICCProfile({ parameters: subscription() })).data.iccid;
  let areOpen = false;
  const opened = Promise.all(streams.map((stream) => stream.next())).then(() => {
    areOpen = true;
  });
  for (; !areOpen; await sleep(100)) await create();
  await opened;
  const creationOf = async (iccid: string, stream: AsyncGenerator<ProfileEvent>) => {
    for await (const event of { [Symbol.asyncIterator]: () => ({ next: () => stream.next() }) })
      if (event.iccid === iccid) return event.type;
    return assert.fail('the stream has ended');
  };
  const times: number[] = [];
  while (Math.min(...times) > 1000) {
    assert.ok(times.length < 5, `within a second: ${times.join()} ms`); // a busy machine may delay one
    const iccid = await create();
    const created = performance.now();
    const types = await Promise.all(streams.map((stream) => creationOf(iccid, stream)));
    times.push(performance.now() - created);
    assert.deepEqual(types, ['profile.created', 'profile.created']);
  }
  stop.abort();
  for (const stream of streams) await stream.return(undefined);
});

test('a key that is revoked on one worker is refused by all within seconds', async () => {
  const { data: key } = await server.api.createApiKey({ scope: 'read' });
  const agents = [0, 1, 2, 3].map(() => new Agent({ keepAlive: true, maxSockets: 1 }));
  const statuses = () =>
    Promise.all(agents.map((agent) => statusOver(agent, { ...headers, 'x-api-key': key.api_key })));
  assert.deepEqual(await statuses(), [200, 200, 200, 200]);
  await server.api.deleteApiKey(key.id);
  const revoked = performance.now();
  while ((await statuses()).some((status) => status !== 401)) {
    assert.ok(performance.now() - revoked < 4000, 'it is still accepted');
    await sleep(100);
  }
  for (const agent of agents) agent.destroy();
});

test('events of both workers are delivered once, in order, and a webhook that one worker creates is known to all', async () => {
  await using receiver = await startReceiver();
  const { data: hook } = await server.api.createWebhook({ url: receiver.url, events: ['*'] });
  const all = await Promise.all(Array.from({ length: 8 }, () => released(server)));
  const received = await receiver.count(8 * 3);
  await sleep(500);
  assert.equal(receiver.received.length, 8 * 3);
  assert.equal(new Set(received.map(({ headers }) => headers['webhook-id'])).size, 8 * 3);
  for (const { iccid } of all) {
    const types = received.map(({ body }) => JSON.parse(body)).filter(({ data }) => data.iccid === iccid);
    assert.deepEqual(
      types.map(({ type }) => type),
      ['profile.created', 'profile.ordered', 'profile.released'],
    );
  }
  await server.api.deleteWebhook(hook.id);
});

test('a request with an Idempotency-Key is done once, whichever worker gets it', async () => {
  const parameters = subscription();
  const iccids = await Promise.all(
    Array.from({ length: 6 }, async () => {
      for (;;) {
        const answer = await server.api
          .createEUICCProfile({ parameters }, { headers: { 'Idempotency-Key': parameters.iccid } })
          .catch((error: ApiError) => error);
        if ('data' in answer) return answer.data.iccid;
        assert.equal(answer.code, 'in_progress');
        await sleep(50);
      }
    }),
  );
  assert.deepEqual(iccids, Array(6).fill(parameters.iccid));
});

/** How many workers have started so far. */
const startsIn = ({ log }: ServerProcess) => log().match(/the worker serves/g)?.length ?? 0;

test('a worker that is killed is started again, and nothing that was answered is lost', onLinux, async () => {
  const before = workersOf(server);
  const answered: string[] = [];
  let isDone = false;
  const caller = async () => {
    while (!isDone) {
      const api = new ESIMRSPApi(
        new Configuration({ basePath: `${server.restUrl}/api/v1/esim`, apiKey: (name) => keys[name] ?? '' }),
      );
      const answer = await api.createEUICCProfile({ parameters: subscription() }).catch(() => undefined);
      if (answer !== undefined) answered.push(answer.data.iccid);
    }
  };
  const keys: Record<string, string> = headers;
  const callers = [caller(), caller(), caller(), caller()];
  await sleep(300);
  for (const pid of before) {
    const starts = startsIn(server);
    process.kill(pid, 'SIGKILL');
    await until(() => startsIn(server) > starts);
    await sleep(300);
  }
  isDone = true;
  await Promise.all(callers);
  assert.ok(answered.length > 10);
  for (const iccid of answered) assert.equal(await stateOf(server, iccid), 'AVAILABLE');
  assert.ok(workersOf(server).every((pid) => !before.includes(pid)));
  assert.match(server.log(), /a worker has ended and is started again/);
});

test(
  'a delivery that a killed worker was sending is sent again as soon as the worker is back',
  onLinux,
  async () => {
    await using receiver = await startReceiver();
    let isHanging = true;
    receiver.answer = (response) => {
      if (!isHanging) response.writeHead(204).end();
    };
    const { data: hook } = await server.api.createWebhook({ url: receiver.url, events: ['profile.created'] });
    await server.api.createEUICCProfile({ parameters: subscription() });
    await receiver.count(1);
    const [, pid] = [...server.log().matchAll(/"worker":1,"worker_pid":(\d+)/g)].at(-1) ?? assert.fail();
    isHanging = false;
    const killed = performance.now();
    process.kill(Number(pid), 'SIGKILL');
    const [first, second] = await receiver.count(2);
    assert.equal(second?.headers['webhook-id'], first?.headers['webhook-id']);
    assert.ok(performance.now() - killed < 25_000, 'before the lease is over');
    await server.api.deleteWebhook(hook.id);
  },
);

test('another server cannot use the folder, and the marker names the process that has it', async () => {
  await assert.rejects(
    startServer({ ESIM_DATA_DIR: server.dataDir, ESIM_WORKERS: '2' }),
    new RegExp(`another server \\(process ${server.pid}, since .*\\) uses the data folder`),
  );
  await assert.rejects(startServer({ ESIM_DATA_DIR: server.dataDir }), /another server/);
});

/** Begins to create a profile over a connection of its own, until the server waits for the rest; `finish` sends that and resolves to the status. */
async function beginRequest({ restUrl }: ServerProcess): Promise<() => Promise<number | undefined>> {
  const body = JSON.stringify({ parameters: subscription() });
  const call: ClientRequest = request(`${restUrl}${path}`, {
    method: 'POST',
    agent: false,
    headers: {
      ...headers,
      'content-type': 'application/json',
      'content-length': body.length,
      expect: '100-continue',
    },
  });
  const response = once(call, 'response');
  await once(call, 'continue');
  call.write(body.slice(0, 20));
  return async () => {
    call.end(body.slice(20));
    const [answer] = (await response) as [IncomingMessage];
    answer.resume();
    return answer.statusCode;
  };
}

test('SIGTERM lets every worker finish its requests, and then all end', async () => {
  const own = await startServer(settings);
  const requests = [await beginRequest(own), await beginRequest(own)];
  const closed = own.close();
  await sleep(300);
  assert.deepEqual(await Promise.all(requests.map((finish) => finish())), [201, 201]);
  await closed;
  assert.ok(!existsSync(join(own.dataDir, 'server.json')), 'the stop was clean');
  rmSync(own.dataDir, { recursive: true });
});
