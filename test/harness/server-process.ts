import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { account, apiAt, type World } from './server.ts';

const ROOT = join(import.meta.dirname, '..', '..');

/** A server in a process of its own, which can be killed as a crash would. */
export type ServerProcess = World & {
  readonly pid: number;
  /** SIGKILL: no handler runs, nothing is flushed. */
  kill(): Promise<void>;
};

export type ProcessOptions = {
  readonly dataDir: string;
  /** A server that ran before in this folder, and whose ports are taken again. */
  readonly after?: ServerProcess;
  readonly settings?: Readonly<Record<string, string>>;
  /** The checkout whose server runs; this one unless given. */
  readonly root?: string;
};

/** Starts `esim serve` and waits until it listens. */
export async function startServerProcess({
  dataDir,
  after,
  settings,
  root = ROOT,
}: ProcessOptions): Promise<ServerProcess> {
  const portOf = (url: string | undefined) => (url === undefined ? '0' : new URL(url).port);
  const child = spawn(process.execPath, [join(root, 'packages/cli/src/main.ts'), 'serve'], {
    env: {
      PATH: process.env.PATH,
      ...account,
      ESIM_DATA_DIR: dataDir,
      ESIM_HTTP_PORT: portOf(after?.server.restUrl),
      ESIM_ES9_PORT: portOf(after?.server.es9Url),
      ESIM_ES2_PORT: '0', // not the port after that of ES9+, which another process may have
      ESIM_LOG_LEVEL: 'error',
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const gone = once(child, 'exit');
  const end = (signal: NodeJS.Signals) => async () => {
    child.kill(signal);
    await gone;
  };
  let out = '';
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  while (!out.includes('x-user-id') && child.exitCode === null)
    await Promise.race([once(child.stdout, 'data'), gone]);
  const [, restUrl] = /REST API +(https?:\S+?)\/api/.exec(out) ?? [];
  const [, es9Url, smdpAddress] = /ES9\+ +(https?:\S+) +\(SM-DP\+ address (\S+)\)/.exec(out) ?? [];
  const [, es2Url] = /ES2\+ +(https:\S+)/.exec(out) ?? [];
  assert.ok(restUrl && es9Url && smdpAddress && child.pid !== undefined, `it started: ${out}`);
  return {
    dataDir,
    pkiDir: join(dataDir, 'pki'),
    server: {
      restUrl,
      es9Url,
      ...(es2Url !== undefined && { es2Url }),
      smdpAddress,
      dataDir,
      close: end('SIGTERM'),
    },
    api: apiAt(restUrl),
    pid: child.pid,
    kill: end('SIGKILL'),
    [Symbol.asyncDispose]: end('SIGTERM'),
  };
}
