import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { account, apiAt, type World } from './server.ts';

const main = new URL('../../packages/cli/src/main.ts', import.meta.url).pathname;

/** A server in a process of its own, which can be killed as a crash would. */
export type Mortal = World & {
  /** SIGKILL: no handler runs, nothing is flushed. */
  kill(): Promise<void>;
};

/** `esim serve` on this data folder; `before` was a server there, whose ports are taken again. */
export async function startMortal(
  dataDir: string,
  before?: Mortal,
  settings: Readonly<Record<string, string>> = {},
): Promise<Mortal> {
  const portOf = (url: string | undefined) => (url === undefined ? '0' : new URL(url).port);
  const child = spawn(process.execPath, [main, 'serve'], {
    env: {
      PATH: process.env.PATH,
      ...account,
      ESIM_DATA_DIR: dataDir,
      ESIM_HTTP_PORT: portOf(before?.server.restUrl),
      ESIM_ES9_PORT: portOf(before?.server.es9Url),
      ESIM_ES2_PORT: '0', // not the one above, which somebody else may have
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
  const [, restUrl] = /REST API +(http:\S+?)\/api/.exec(out) ?? [];
  const [, es9Url, smdpAddress] = /ES9\+ +(https:\S+) +\(SM-DP\+ address (\S+)\)/.exec(out) ?? [];
  assert.ok(restUrl && es9Url && smdpAddress, `it started: ${out}`);
  return {
    dataDir,
    pkiDir: join(dataDir, 'pki'),
    server: { restUrl, es9Url, smdpAddress, dataDir, close: end('SIGTERM') },
    api: apiAt(restUrl),
    kill: end('SIGKILL'),
    [Symbol.asyncDispose]: end('SIGTERM'),
  };
}
