import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Configuration, ESIMRSPApi } from '@esim-rsp/sdk';
import { withCompileCache } from '../../scripts/compile-cache.ts';
import { NODE_FLAGS } from '../../scripts/package/node-flags.ts';
import { compiledCommand } from './compiled-command.ts';
import { createDatabaseFor, databaseOf } from './database.ts';

/** Environment variables of the server. */
export type Settings = Readonly<Record<string, string>>;

/** Processor time that a process has used, and memory that it holds. */
export type Usage = { readonly cpuSeconds: number; readonly rssBytes: number };

/** `esim serve` in a process of its own. Disposing of it ends it, and removes its data folder if the caller named none. */
export type ServerProcess = AsyncDisposable & {
  readonly pid: number;
  readonly restUrl: string;
  readonly es9Url: string;
  /** Empty if a proxy terminates TLS, because ES2+ is off then. */
  readonly es2Url: string;
  readonly smdpAddress: string;
  readonly dataDir: string;
  readonly pkiDir: string;
  /** Absent: the master key is in the data folder. */
  readonly masterKeyFile?: string;
  /** The REST API as its first account calls it. */
  readonly api: ESIMRSPApi;
  /** All of stdout so far. */
  output(): string;
  /** All of stderr so far. */
  log(): string;
  /** Stops reading stderr, as a reader does that hangs, until the returned function is called. */
  stallLog(): () => void;
  usage(): Promise<Usage>;
  /** Sets its clock so many milliseconds ahead of the real one; only for a server that was started `withMovableClock`. */
  moveClock(milliseconds: number): void;
  /** Ends it with SIGTERM; asserts that it ends well. */
  close(): Promise<void>;
  /** Ends it with SIGKILL: no handler runs, nothing is flushed. */
  kill(): Promise<void>;
};

/** The account that a server starts with unless its settings name another. */
export const account = {
  ESIM_BOOTSTRAP_USER_ID: 'operator',
  ESIM_BOOTSTRAP_API_KEY: 'a-key-for-these-tests',
};

const defaults = {
  ...account,
  ESIM_CODE_ATTEMPTS_PER_ADDRESS: '0', // all tests enter wrong codes from the same address
  ESIM_MAX_WAIT_MS: '60000', // a busy machine is no overload
  ESIM_HTTP_PORT: '0',
  ESIM_ES9_PORT: '0',
  ESIM_ES2_PORT: '0',
  ESIM_LOG_LEVEL: 'silent',
};

const { NODE_COMPILE_CACHE } = withCompileCache;
const probe = new URL('server-probe.ts', import.meta.url).href;

/**
 * Starts a server on free ports, with its own data folder unless the settings name one. `root` is the checkout whose
 * source runs; if absent, this one, compiled.
 */
export async function startServer(settings: Settings = {}, root?: string): Promise<ServerProcess> {
  const dataDir = settings.ESIM_DATA_DIR ?? mkdtempSync(join(tmpdir(), 'esim-test-'));
  mkdirSync(dataDir, { recursive: true });
  await createDatabaseFor(dataDir);
  const env = { ...defaults, ...databaseOf(dataDir), ...settings, ESIM_DATA_DIR: dataDir };
  const child = spawnServer(env, root);
  const [out, err] = [collect(child, 'stdout'), collect(child, 'stderr')];
  const exit = once(child, 'exit');
  const addresses = await addressesIn(child, out, err);
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    await exit;
  };
  const close = async () => {
    await end('SIGTERM');
    assert.ok(child.exitCode === 0 || child.signalCode === 'SIGKILL', `the server ended badly: ${err()}`);
  };
  return {
    ...addresses,
    pid: child.pid ?? assert.fail('it is running'),
    dataDir,
    pkiDir: settings.ESIM_PKI_DIR ?? join(dataDir, 'pki'),
    ...(settings.ESIM_MASTER_KEY_FILE !== undefined && { masterKeyFile: settings.ESIM_MASTER_KEY_FILE }),
    api: apiAt(addresses.restUrl, env),
    output: out,
    log: err,
    stallLog: () => {
      child.stderr?.pause();
      return () => void child.stderr?.resume();
    },
    usage: () => usageOf(child),
    moveClock: (milliseconds) => void child.send({ clockAhead: milliseconds }),
    close,
    kill: () => end('SIGKILL'),
    [Symbol.asyncDispose]: async () => {
      await close();
      if (settings.ESIM_DATA_DIR === undefined) rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** A server process from its first moment on: it may not listen yet. */
export function spawnServer(
  settings: Settings & { readonly ESIM_DATA_DIR: string },
  root?: string,
): ChildProcess {
  const main = root === undefined ? compiledCommand() : join(root, 'packages/cli/src/main.ts');
  const program = ['--import', probe, main, 'serve'];
  return spawn(process.execPath, [...NODE_FLAGS, ...program], {
    cwd: settings.ESIM_DATA_DIR, // not the repository, which may have an .env file
    env: { ...defaults, PATH: process.env.PATH, NODE_COMPILE_CACHE, ...settings },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
}

const clock = new URL('moved-clock.ts', import.meta.url).href;

/** Settings for a process whose clock is some days ahead. */
export function daysAhead(days: number): Settings {
  return { NODE_OPTIONS: `--import ${clock}`, TEST_CLOCK_DAYS: String(days) };
}

/** Settings for a server whose clock a test can move while it runs. */
export function withMovableClock(): Settings {
  return daysAhead(0);
}

/** Settings for a server that takes over the addresses of one that has ended, and was started with `freeAddresses`. */
export function sameAddresses({ restUrl, es9Url, es2Url }: ServerProcess): Settings {
  const portOf = (url: string) => new URL(url).port;
  return {
    ESIM_HTTP_PORT: portOf(restUrl),
    ESIM_ES9_PORT: portOf(es9Url),
    ESIM_ES2_PORT: portOf(es2Url),
  };
}

/** The REST API at an address, as the account of these settings calls it. */
export function apiAt(restUrl: string, by: typeof account = account): ESIMRSPApi {
  const apiKey = (name: string) =>
    name === 'x-user-id' ? by.ESIM_BOOTSTRAP_USER_ID : by.ESIM_BOOTSTRAP_API_KEY;
  return new ESIMRSPApi(new Configuration({ basePath: `${restUrl}/api/v1/esim`, apiKey }));
}

function collect(child: ChildProcess, name: 'stdout' | 'stderr'): () => string {
  let text = '';
  child[name]?.setEncoding('utf8').on('data', (piece) => {
    text += piece;
  });
  return () => text;
}

/** Waits until the server shows where it listens. */
async function addressesIn(child: ChildProcess, out: () => string, err: () => string) {
  const closed = once(child, 'close');
  const shown = () => /x-user-id|There is no account/.test(out());
  while (!shown() && child.exitCode === null && child.signalCode === null)
    await Promise.race([once(child.stdout ?? assert.fail(), 'data'), closed]);
  const [, restUrl] = /REST API +(https?:\S+?)\/api/.exec(out()) ?? [];
  const [, es9Url, smdpAddress] = /ES9\+ +(https?:\S+) +\(SM-DP\+ address (\S+)\)/.exec(out()) ?? [];
  const [, es2Url = ''] = /ES2\+ +(https:\S+)/.exec(out()) ?? [];
  assert.ok(restUrl && es9Url && smdpAddress, `the server did not start: ${out()}${err()}`);
  return { restUrl, es9Url, es2Url, smdpAddress };
}

async function usageOf(child: ChildProcess): Promise<Usage> {
  const answer = once(child, 'message');
  child.send('usage');
  const [usage] = (await answer) as [Usage];
  return usage;
}
