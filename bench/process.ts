import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { withCompileCache } from '../scripts/compile-cache.ts';

/** The CPU time that a server process has used, and the memory that it uses. */
export type Usage = { readonly cpuSeconds: number; readonly rssBytes: number };

/** A server in a separate process, so that its CPU time can be measured separately. */
export type ServerProcess = AsyncDisposable & {
  readonly port: number;
  /** Other values that the process sent when it was ready. */
  readonly facts: Readonly<Record<string, string>>;
  usage(): Promise<Usage>;
};

type Ready = { readonly port: number; readonly facts?: Record<string, string> };

/** Starts `script` of bench/processes and waits until it listens. */
export async function startProcess(script: string, ...args: string[]): Promise<ServerProcess> {
  const child = fork(new URL(`processes/${script}`, import.meta.url), args, {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: withCompileCache,
  });
  const { port, facts = {} } = await answer<Ready>(child);
  return {
    port,
    facts,
    usage: () => {
      child.send('usage');
      return answer<Usage>(child);
    },
    [Symbol.asyncDispose]: async () => {
      const exit = once(child, 'exit');
      child.disconnect();
      await exit;
    },
  };
}

async function answer<T>(child: ChildProcess): Promise<T> {
  const answered = new AbortController();
  const options = { signal: answered.signal };
  const exit = once(child, 'exit', options).then(([code]) => {
    throw new Error(`a bench process ended with ${code}`);
  });
  try {
    const [message] = (await Promise.race([once(child, 'message', options), exit])) as [T];
    return message;
  } finally {
    exit.catch(() => undefined);
    answered.abort();
  }
}

/** A server process calls this when it listens. The process ends when its parent disconnects or ends. */
export function ready(port: number, facts: Record<string, string> = {}): void {
  process.on('disconnect', () => process.exit());
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    process.send?.({
      cpuSeconds: (user + system) / 1e6,
      rssBytes: process.memoryUsage.rss(),
    } satisfies Usage);
  });
  process.send?.({ port, facts } satisfies Ready);
}

/** Requests per second of the server's processor time while `work` runs `count` of them. */
export async function perCpuSecond(
  server: ServerProcess,
  count: number,
  work: () => Promise<void>,
): Promise<number> {
  const before = await server.usage();
  await work();
  const after = await server.usage();
  return count / (after.cpuSeconds - before.cpuSeconds);
}
