import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { encode, toBase64 } from '@esim-rsp/codec';
import { readPkiDirectory } from '@esim-rsp/server/keys/pki-directory';
import { EUICCInfo1 } from '@esim-rsp/sgp22/asn1/euicc-info';
import { filesOfRole } from '@esim-rsp/sgp22/pki/files';
import { trustCi } from '@esim-rsp/sgp22/pki/trust';
import { account } from '../../harness/server.ts';
import type { Attack, Target } from '../attack.ts';

/** More work and more connections than the server can take. */
export const overload: readonly Attack[] = [
  {
    name: 'under overload calls of ES9+ are refused with 503 and a status code, and health is answered',
    settings: { ESIM_ES9_TLS: '0', ESIM_MAX_WAIT_MS: '50', ESIM_MAX_CONNECTIONS_PER_ADDRESS: '5000' },
    run: async (target) => {
      const body = await initiateAuthentication(target);
      const agent = new Agent({ keepAlive: true, maxSockets: 600 });
      const until = performance.now() + 4000;
      const answers: Answer[] = [];
      const caller = async () => {
        while (performance.now() < until) answers.push(await callEs9(target, agent, body));
      };
      const health = healthEvery(target, until);
      await Promise.all(Array.from({ length: 600 }, caller));
      agent.destroy();
      const accepted = answers.filter(({ status }) => status === 200);
      const refused = answers.filter(({ status }) => status === 503);
      assert.equal(accepted.length + refused.length, answers.length);
      assert.ok(accepted.length > 100, `${accepted.length} of ${answers.length} were accepted`);
      assert.ok(refused.length > 100, `${refused.length} of ${answers.length} were refused`);
      for (const { retryAfter, text } of refused) {
        assert.match(retryAfter ?? '', /^\d+$/);
        assert.match(text, /"subjectCode":"1.2","reasonCode":"4.4"/);
      }
      const slowest = Math.round(Math.max(...(await health)));
      assert.ok(slowest < 1500, `a health request took ${slowest} ms`);
    },
  },
  {
    name: 'one address cannot take all connections, and silent ones are closed',
    settings: {
      ESIM_MAX_CONNECTIONS: '60',
      ESIM_MAX_CONNECTIONS_PER_ADDRESS: '40',
      ESIM_REQUEST_SECONDS: '1',
    },
    run: async (target) => {
      for (const url of [target.es9Url, target.es2Url, target.restUrl]) {
        const sockets = await Promise.all(Array.from({ length: 100 }, () => openConnection(url)));
        await sleep(200);
        const left = sockets.filter(({ destroyed, readableEnded }) => !destroyed && !readableEnded);
        for (const socket of sockets) socket.destroy();
        assert.ok(left.length <= 40 && left.length >= 30, `${url}: ${left.length} connections are open`);
      }
      await sleep(100);
      const silent = await Promise.all(Array.from({ length: 30 }, () => openConnection(target.restUrl)));
      silent.forEach((socket, i) => void (i % 2 && socket.write('GET / HTTP/1.1\r\nHost: a\r\nX-A: ')));
      await sleep(17_000);
      assert.equal(
        silent.filter(({ destroyed }) => !destroyed).length,
        0,
        'silent connections are still open',
      );
      assert.equal((await fetch(`${target.restUrl}/healthz`)).status, 200);
    },
  },
  {
    name: 'callers that read nothing of the answers to their imports lose their connections',
    run: async (target) => {
      const callers = await Promise.all(Array.from({ length: 4 }, () => importUnread(target)));
      const isRefused = async () => (await tryImport(target)) === 503;
      await within(20_000, isRefused, 'the account has more imports than it may have');
      await within(80_000, async () => !(await isRefused()), 'nobody of the account can import');
      for (const caller of callers) caller.destroy();
    },
  },
  {
    name: 'idle connections do not keep new clients out',
    settings: { ESIM_MAX_CONNECTIONS: '20' },
    run: async ({ restUrl }) => {
      const idle = await Promise.all(Array.from({ length: 20 }, () => openConnection(restUrl)));
      for (const socket of idle) socket.write('GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n');
      await Promise.all(idle.map((socket) => once(socket, 'data')));
      const statuses: unknown[] = [];
      for (let i = 0; i < 20 && !statuses.includes(200); i++) {
        await sleep(100);
        statuses.push(await fetch(`${restUrl}/healthz`).then(({ status }) => status, String));
      }
      for (const socket of idle) socket.destroy();
      assert.ok(statuses.includes(200), statuses.join(', '));
    },
  },
];

const IMPORT = '/api/v1/esim/euicc-profiles/import';
const identity = {
  'x-user-id': account.ESIM_BOOTSTRAP_USER_ID,
  'x-api-key': account.ESIM_BOOTSTRAP_API_KEY,
  'content-type': 'text/csv',
};
const COLUMNS = 'iccid,imsi,ki,opc\n';

/** Sends rows that are returned in the answer, some dozens of megabytes, and reads nothing of it. */
async function importUnread({ restUrl }: Target): Promise<Socket> {
  const socket = await openConnection(restUrl);
  socket.pause();
  const body = COLUMNS + `${'x'.repeat(4000)},2,3,4\n`.repeat(9000);
  const headers = Object.entries(identity).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(
    `POST ${IMPORT}?failed_rows=reports HTTP/1.1\r\nHost: a\r\n${headers.join('')}Content-Length: ${body.length}\r\n\r\n${body}`,
  );
  return socket;
}

async function tryImport({ restUrl }: Target): Promise<number> {
  const answer = await fetch(restUrl + IMPORT, {
    method: 'POST',
    headers: identity,
    body: `${COLUMNS}1,2,3,4\n`,
  });
  await answer.arrayBuffer();
  return answer.status;
}

/** Rejects unless it is so within this time. */
async function within(ms: number, isSo: () => Promise<boolean>, otherwise: string): Promise<void> {
  const started = performance.now();
  while (!(await isSo())) {
    assert.ok(performance.now() - started < ms, otherwise);
    await sleep(250);
  }
}

type Answer = { readonly status: number; readonly retryAfter: string | undefined; readonly text: string };

function callEs9({ es9Url }: Target, agent: Agent, body: string): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const { port } = new URL(es9Url);
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  const path = '/gsma/rsp2/es9plus/initiateAuthentication';
  const sent = request(
    { agent, host: '127.0.0.1', port, path, method: 'POST', headers },
    async (response) => {
      const text = Buffer.concat(await response.toArray()).toString();
      resolve({ status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'], text });
    },
  );
  sent.on('error', reject).end(body);
  return promise;
}

/** A first call of a download, which makes the server sign. */
async function initiateAuthentication({ pkiDir, smdpAddress }: Target): Promise<string> {
  const files = (await readPkiDirectory(pkiDir)) ?? assert.fail();
  const ids = filesOfRole(files, 'ci').certificates.map(({ certificate }) => trustCi(certificate).keyId);
  const info = encode(EUICCInfo1, {
    svn: Uint8Array.of(2, 2, 0),
    euiccCiPKIdListForVerification: ids,
    euiccCiPKIdListForSigning: ids,
  });
  return JSON.stringify({
    euiccChallenge: toBase64(new Uint8Array(16)),
    euiccInfo1: toBase64(info),
    smdpAddress,
  });
}

/** The milliseconds that health requests take, one after the other. */
async function healthEvery({ restUrl }: Target, until: number): Promise<number[]> {
  const took: number[] = [];
  while (performance.now() < until) {
    const started = performance.now();
    const response = await fetch(`${restUrl}/healthz`);
    await response.arrayBuffer();
    assert.equal(response.status, 200);
    took.push(performance.now() - started);
    await sleep(50);
  }
  return took;
}

async function openConnection(url: string): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.on('error', () => undefined).on('data', () => undefined);
  await Promise.race([once(socket, 'connect'), once(socket, 'close')]);
  return socket;
}
