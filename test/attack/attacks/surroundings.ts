import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { connect as connectTcp, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { released } from '../../harness/profiles.ts';
import { rawEs9 } from '../../harness/raw-es9.ts';
import { sameAddresses, startServer } from '../../harness/server.ts';
import type { Attack, Target } from '../attack.ts';

/** What surrounds the server: the reader of its log, its data folder, its disk, strangers at its ports. */
export const surroundings: readonly Attack[] = [
  {
    name: 'a reader of stderr that stalls stops neither the server nor its end, and the log says how much it lost',
    settings: { ESIM_LOG_LEVEL: 'info' },
    run: async (target) => {
      try {
        await stallTwice(target);
      } catch (error) {
        await target.kill(); // it does not end by itself
        throw error;
      }
    },
  },
  {
    name: 'a second server on the same data folder is refused with the process of the first, which continues to serve',
    sample: true,
    run: async (target) => {
      const second = startServer({ ESIM_DATA_DIR: target.dataDir });
      const refusal = await second.then(
        async (server) => {
          await server.kill();
          return 'it started';
        },
        (error: Error) => error.message,
      );
      assert.match(
        refusal,
        new RegExp(`another server \\(process ${target.pid}, since .*\\) uses the data folder`),
      );
      await released(target);
      await target.kill();
      await using third = await startServer({ ESIM_DATA_DIR: target.dataDir, ...sameAddresses(target) });
      await released(third);
    },
  },
  {
    name: 'a server that cannot write says so at /readyz, answers at /healthz, and recovers',
    sample: true,
    run: async (target) => {
      if (process.platform !== 'linux') return; // prlimit is a program of Linux
      assert.deepEqual(await get(target, '/readyz'), { status: 200, text: '{"status":"ready"}' });
      const { size } = statSync(join(target.dataDir, 'esim.db-wal'));
      limitFileSize(target, `${size}:unlimited`);
      await until(async () => (await get(target, '/readyz')).status === 503);
      assert.match(
        (await get(target, '/readyz')).text,
        /the database cannot be written \(.*"code":"not_ready"/s,
      );
      await assert.rejects(released(target));
      assert.equal((await get(target, '/healthz')).status, 200);
      limitFileSize(target, 'unlimited');
      await until(async () => (await get(target, '/readyz')).status === 200);
      await released(target);
    },
  },
  {
    name: 'failed TLS handshakes are logged with their reason, and a flood of them does not fill the log',
    settings: { ESIM_LOG_LEVEL: 'info' },
    sample: true,
    run: async (target) => {
      for (const url of [target.es9Url, target.es2Url]) {
        await offerOldCipher(url);
        for (let i = 0; i < 200; i++) await sendPlainHttp(url);
      }
      await until(() => target.log().split('plain HTTP on a TLS port').length > 30);
      await sleep(200);
      const lines = target
        .log()
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
      for (const name of ['ES9+', 'ES2+']) {
        const reasons = lines.filter((line) => line.interface === name).map(({ reason }) => reason);
        assert.ok(reasons.includes('no common cipher suite'), name);
        assert.ok(reasons.length <= 20, `${name}: ${reasons.length} lines`);
      }
    },
  },
];

async function stallTwice(target: Target): Promise<void> {
  const resume = target.stallLog();
  await fillLog(target);
  assert.ok((await droppedLines(target)) > 0, 'the status counts what was dropped');
  resume();
  await until(() => /stderr was not read for a time: \d+ log lines were dropped/.test(target.log()));
  target.stallLog();
  await fillLog(target);
  await within(5000, target.close());
}

/** Refusals of ES9+, a line each, until more than the pipe and the server hold must wait. The server must answer each. */
async function fillLog(target: Target): Promise<void> {
  using es9 = rawEs9(target);
  const before = await droppedLines(target);
  const body = JSON.stringify({ transactionId: 'AB'.repeat(16), authenticateServerResponse: 'AAAA' });
  for (let i = 0; i < 40 && (await droppedLines(target)) === before; i++) {
    const calls = Array.from({ length: 500 }, () => es9.call('/gsma/rsp2/es9plus/authenticateClient', body));
    await within(10_000, Promise.all(calls));
  }
}

async function droppedLines(target: Target): Promise<number> {
  return JSON.parse((await get(target, '/api/v1/status')).text).log_lines_dropped;
}

async function get({ restUrl }: Target, path: string): Promise<{ status: number; text: string }> {
  const response = await fetch(`${restUrl}${path}`, { signal: AbortSignal.timeout(3000) });
  return { status: response.status, text: await response.text() };
}

async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  const stop = new AbortController();
  const late = sleep(milliseconds, undefined, { signal: stop.signal }).then(() =>
    assert.fail(`it took longer than ${milliseconds} ms`),
  );
  late.catch(() => undefined);
  return await Promise.race([work, late]).finally(() => stop.abort());
}

async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  for (let i = 0; i < 100; i++) {
    if (await isTrue()) return;
    await sleep(50);
  }
  assert.fail(`it did not happen within 5 s: ${isTrue}`);
}

/** The largest file that the server may write, as on a disk that is full. */
function limitFileSize({ pid }: Target, limit: string): void {
  execFileSync('prlimit', [`--pid=${pid}`, `--fsize=${limit}`]);
}

/** Resolves also after an error. */
function closeOf(socket: Socket): Promise<void> {
  socket.on('error', () => undefined).resume();
  return new Promise((resolve) => socket.once('close', () => resolve()));
}

async function sendPlainHttp(url: string): Promise<void> {
  const socket = connectTcp(Number(new URL(url).port), '127.0.0.1');
  socket.write('GET / HTTP/1.1\r\nhost: localhost\r\n\r\n');
  await closeOf(socket);
}

async function offerOldCipher(url: string): Promise<void> {
  const options = { maxVersion: 'TLSv1.2', ciphers: 'AES128-SHA', rejectUnauthorized: false } as const;
  const socket = connectTls({ host: '127.0.0.1', port: Number(new URL(url).port), ...options });
  await closeOf(socket);
}
