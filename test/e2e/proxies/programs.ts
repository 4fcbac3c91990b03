import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** The programs of the guide, with the arguments that run a configuration file in the foreground. */
const programs = {
  caddy: (config: string) => ['run', '--config', config, '--adapter', 'caddyfile'],
  nginx: (config: string, folder: string) => [
    '-p',
    folder,
    '-c',
    config,
    '-e',
    'stderr',
    '-g',
    'daemon off;',
  ],
  haproxy: (config: string) => ['-f', config],
} as const;
export type Program = keyof typeof programs;

/** Why a test is skipped: the program is not installed. */
export function without(program: Program, ...more: readonly boolean[]): string | false {
  const isThere = spawnSync(program, [program === 'nginx' ? '-v' : 'version']).error === undefined;
  return isThere && more.every(Boolean) ? false : `${program} is not installed (apt-get install ${program})`;
}

const GUIDE = join(import.meta.dirname, '../../../docs/guide/proxies');

/** A file of the guide with other addresses and paths; each text to replace must be in it. */
export function guideFile(name: string, replacements: Readonly<Record<string, string>>): string {
  return Object.entries(replacements).reduce(
    (text, [from, to]) => {
      if (!text.includes(from)) throw new Error(`${name} does not contain ${from}`);
      return text.replaceAll(from, to);
    },
    readFileSync(join(GUIDE, name), 'utf8'),
  );
}

export type Proxy = AsyncDisposable & { readonly folder: string };

/** Runs the program with this configuration until its port accepts connections. */
export async function startProxy(
  program: Program,
  {
    port,
    config,
    env: more = {},
  }: {
    readonly port: number;
    readonly config: (folder: string) => string;
    readonly env?: Readonly<Record<string, string>>;
  },
): Promise<Proxy> {
  const folder = mkdtempSync(join(tmpdir(), `esim-${program}-`));
  const path = join(folder, 'config');
  writeFileSync(path, config(folder));
  const home = { HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder };
  const env = { PATH: process.env.PATH, ...home, ...more };
  const child = spawn(program, programs[program](path, folder), {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const closed = once(child, 'close');
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
  await accepting(port, child, () => output);
  return {
    folder,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGTERM');
      await closed;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function accepting(port: number, child: ChildProcess, output: () => string): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (child.exitCode !== null) break;
    const socket = connect(port, '127.0.0.1');
    const accepted = await new Promise((resolve) =>
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false)),
    );
    socket.destroy();
    if (accepted) return;
    await sleep(50);
  }
  child.kill('SIGKILL');
  throw new Error(`${child.spawnfile} does not listen on ${port}: ${output()}`);
}

const STREAM_MODULE = '/usr/lib/nginx/modules/ngx_stream_module.so';

/** The main file of nginx around a file of the guide. Everything that nginx writes goes into the folder. `main`: lines outside the block. */
export function nginxConfig(
  folder: string,
  block: 'http' | 'stream',
  text: string,
  main: readonly string[] = [],
): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${folder}/${name};`,
  );
  return [
    ...(block === 'stream' ? [`load_module ${STREAM_MODULE};`] : []),
    ...main,
    `pid ${folder}/nginx.pid;`,
    'worker_processes 1;',
    'events {}',
    ...(block === 'stream' ? [text] : ['http {', 'access_log off;', ...temporary, text, '}']),
  ].join('\n');
}
