import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { readConfig } from '@esim-rsp/server/process/config';
import { type RunningServer, startServer } from '@esim-rsp/server/process/start';
import { type Outcome, runEsim } from './run-esim.testdata.ts';

type Access = { readonly ESIM_URL: string; readonly ESIM_USER_ID: string; readonly ESIM_API_KEY: string };

/** A folder with a running server's data, and `esim` as somebody calls it there. */
export type Beside<E extends Partial<Access>> = {
  readonly cwd: string;
  readonly server: RunningServer;
  readonly env: E;
  readonly esim: (...args: string[]) => Promise<Outcome>;
};

/** A demo, whose credentials `esim` finds in the folder. It ends with the tests of the file. */
export function besideDemo(): Promise<Beside<Record<string, never>>> {
  return beside({ ESIM_DEMO: '1' }, () => ({}));
}

/** A server without profiles, whose credentials are in the environment. It ends with the tests of the file. */
export function besideEmpty(): Promise<Beside<Access>> {
  const [userId, apiKey] = ['mobile', 'key-0123456789abcdef'];
  const account = { ESIM_BOOTSTRAP_USER_ID: userId, ESIM_BOOTSTRAP_API_KEY: apiKey };
  return beside(account, ({ restUrl }) => ({
    ESIM_URL: restUrl,
    ESIM_USER_ID: userId,
    ESIM_API_KEY: apiKey,
  }));
}

async function beside<E extends Partial<Access>>(
  settings: Readonly<Record<string, string>>,
  envOf: (server: RunningServer) => E,
): Promise<Beside<E>> {
  const cwd = mkdtempSync(join(tmpdir(), 'esim-cli-'));
  const free = { ESIM_HTTP_PORT: '0', ESIM_ES9_PORT: '0', ESIM_LOG_LEVEL: 'silent' };
  const server = await startServer(readConfig({ ...free, ...settings, ESIM_DATA_DIR: join(cwd, 'data') }));
  after(async () => {
    await server.close();
    rmSync(cwd, { recursive: true, force: true });
  });
  const env = envOf(server);
  return { cwd, server, env, esim: (...args) => runEsim({ cwd, env }, ...args) };
}
