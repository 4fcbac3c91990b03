import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { type Outcome, startEsimLoop } from './esim.ts';
import { type ServerProcess, type Settings, startServer } from './server.ts';

type Access = { readonly ESIM_URL: string; readonly ESIM_USER_ID: string; readonly ESIM_API_KEY: string };

/** A folder with the data of a running server, and `esim` as a user runs it there. All end with the tests of the file. */
export type EsimWithServer<E extends Partial<Access>> = {
  readonly cwd: string;
  readonly server: ServerProcess;
  readonly env: E;
  readonly esim: (...args: string[]) => Promise<Outcome>;
};

/** A demo server: `esim` finds its credentials in the folder. */
export function esimWithDemo(): Promise<EsimWithServer<Record<string, never>>> {
  const generated = { ESIM_BOOTSTRAP_USER_ID: '', ESIM_BOOTSTRAP_API_KEY: '' };
  return start({ ESIM_DEMO: '1', ...generated }, () => ({}));
}

/** A server without profiles: the credentials are in the environment of `esim`. */
export function esimWithEmptyServer(settings: Settings = {}): Promise<EsimWithServer<Access>> {
  const [userId, apiKey] = ['mobile', 'key-0123456789abcdef'];
  const account = { ESIM_BOOTSTRAP_USER_ID: userId, ESIM_BOOTSTRAP_API_KEY: apiKey };
  return start({ ...account, ...settings }, ({ restUrl }) => ({
    ESIM_URL: restUrl,
    ESIM_USER_ID: userId,
    ESIM_API_KEY: apiKey,
  }));
}

async function start<E extends Partial<Access>>(
  settings: Settings,
  envOf: (server: ServerProcess) => E,
): Promise<EsimWithServer<E>> {
  const cwd = mkdtempSync(join(tmpdir(), 'esim-cli-'));
  const server = await startServer({ ...settings, ESIM_DATA_DIR: join(cwd, 'data') });
  const loop = startEsimLoop();
  after(async () => {
    loop[Symbol.dispose]();
    await server[Symbol.asyncDispose]();
    rmSync(cwd, { recursive: true, force: true });
  });
  const env = envOf(server);
  return { cwd, server, env, esim: (...args) => loop.run({ cwd, env }, ...args) };
}
