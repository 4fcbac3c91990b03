import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { encode, toBase64 } from '@esim-rsp/codec';
import { readPkiDirectory } from '@esim-rsp/server/keys/pki-directory';
import { EUICCInfo1 } from '@esim-rsp/sgp22/asn1/euicc-info';
import { filesOfRole } from '@esim-rsp/sgp22/pki/files';
import { trustCi } from '@esim-rsp/sgp22/pki/trust';
import { account } from '../../harness/server.ts';
import type { Attack, Target } from '../attack.ts';
import { type Called, letCall } from '../callers.ts';

const WAIT_MS = 500;
/** More than the time for waiting: for the work itself, and for reading and accepting what arrives at once. */
const MARGIN_MS = 500;
/** Other programs on the machine delay answers too. */
const TRIES = 3;
const overloadSettings = {
  ESIM_MAX_WAIT_MS: String(WAIT_MS),
  ESIM_MAX_CONNECTIONS_PER_ADDRESS: '5000',
  ESIM_RATE_PER_KEY: '0',
  ESIM_RATE_PER_ADDRESS: '0',
};

/** More work and more connections than the server can take. */
export const overload: readonly Attack[] = [
  {
    name: 'under overload calls of ES9+ are refused with 503 and a status code, and the others are answered in time',
    alone: true,
    settings: { ESIM_ES9_TLS: '0', ...overloadSettings },
    run: async (target) => {
      const body = await initiateAuthentication(target);
      const head = `POST /gsma/rsp2/es9plus/initiateAuthentication HTTP/1.1\r\nHost: a\r\nContent-Type: application/json`;
      const request = `${head}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
      const refused = await mustBeAnsweredInTime(target, target.es9Url, request);
      for (const { text } of refused) {
        assert.match(text, /^retry-after: \d+\r$/im);
        assert.match(text, /"subjectCode":"1.2","reasonCode":"4.4"/);
      }
    },
  },
  {
    name: 'under overload calls of the REST API are refused with 503, and the others are answered in time',
    alone: true,
    settings: overloadSettings,
    run: async (target) => {
      const numbers = { iccid_start: '893000000000000000', imsi_start: '001010000000001' };
      await target.api.generateEUICCProfiles({ count: 100, ...numbers });
      const headers = Object.entries(identity).map(([name, value]) => `${name}: ${value}\r\n`);
      const request = `GET /api/v1/esim/euicc-profiles?count=100 HTTP/1.1\r\nHost: a\r\n${headers.join('')}\r\n`;
      const refused = await mustBeAnsweredInTime(target, target.restUrl, request);
      for (const { text } of refused) {
        assert.match(text, /^retry-after: \d+\r$/im);
        assert.match(text, /"code":"busy"/);
      }
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
        const left = () =>
          sockets.filter(({ destroyed, readableEnded }) => !destroyed && !readableEnded).length;
        await within(5000, async () => left() <= 40, `${url}: more than 40 connections are open`);
        assert.ok(left() >= 30, `${url}: ${left()} connections are open`);
        for (const socket of sockets) socket.destroy();
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

/**
 * Lets 3,000 callers send a request without a pause, 500 of them on a new connection each time. Rejects unless many are refused, and those
 * that are accepted, of the 500 and of a few others, are answered in the time for waiting and a little more. Resolves to the refusals.
 */
async function mustBeAnsweredInTime(
  { restUrl, pid }: Target,
  url: string,
  request: string,
): Promise<readonly Called[]> {
  const few = {
    pid,
    port: Number(new URL(url).port),
    request,
    count: 10,
    pauseMs: 50,
    onNewConnections: true,
  };
  const health = { ...few, port: Number(new URL(restUrl).port), request: HEALTH, count: 2 };
  const quiet = await letCall({ ...few, seconds: 2 });
  const limit = WAIT_MS + MARGIN_MS + 4 * percentile99(quiet.answers);
  const tries: string[] = [];
  for (let i = 0; i < TRIES; i++) {
    const [crowd, newcomers, called, pinged] = await Promise.all([
      letCall({ ...few, count: 2500, pauseMs: 0, onNewConnections: false, seconds: 10 }),
      letCall({ ...few, count: 500, pauseMs: 0, seconds: 10 }),
      letCall({ ...few, seconds: 10 }),
      letCall({ ...health, seconds: 10 }),
    ]);
    const all = [...crowd.answers, ...newcomers.answers, ...called.answers];
    const [accepted, refused] = [200, 503].map((status) => all.filter((one) => one.status === status));
    assert.equal((accepted?.length ?? 0) + (refused?.length ?? 0), all.length);
    assert.ok(pinged.answers.every(({ status }) => status === 200));
    const measured = [...newcomers.answers, ...called.answers].filter(({ status }) => status === 200);
    const slowest = [measured, pinged.answers].map(percentile99);
    tries.push(
      `${accepted?.length} accepted, ${refused?.length} refused, ${called.answers.length} of the few, 99% within ${slowest[0]} ms, health within ${slowest[1]} ms (at most ${Math.round(limit)} ms)`,
    );
    const isInTime =
      slowest.every((ms) => ms <= limit) && called.answers.length > 20 && pinged.answers.length > 20;
    if (!isInTime || refused === undefined || refused.length < 100) continue;
    console.log(`  ${tries.join('; ')}`);
    return refused;
  }
  assert.fail(tries.join('; '));
}

const HEALTH = 'GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n';

function percentile99(answers: readonly Called[]): number {
  const times = answers.map(({ ms }) => Math.round(ms)).toSorted((a, b) => a - b);
  return times[Math.floor(0.99 * times.length)] ?? 0;
}

/** Rejects unless it is so within this time. */
async function within(ms: number, isSo: () => Promise<boolean>, otherwise: string): Promise<void> {
  const started = performance.now();
  while (!(await isSo())) {
    assert.ok(performance.now() - started < ms, otherwise);
    await sleep(250);
  }
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

async function openConnection(url: string): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.on('error', () => undefined).on('data', () => undefined);
  await Promise.race([once(socket, 'connect'), once(socket, 'close')]);
  return socket;
}
