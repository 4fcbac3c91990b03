import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { withCompileCache } from '../scripts/compile-cache.ts';
import type { Usage } from '../test/harness/server.ts';

/** A server in a separate process, so that its CPU time can be measured separately. */
export type Measured = AsyncDisposable & {
  readonly port: number;
  usage(): Promise<Usage>;
};

type Ready = { readonly port: number };

/** Starts `script` of bench/processes and waits until it listens. */
export async function startProcess(script: string, ...args: string[]): Promise<Measured> {
  const child = fork(new URL(`processes/${script}`, import.meta.url), args, {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: withCompileCache,
  });
  const { port } = await answer<Ready>(child);
  return {
    port,
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
export function ready(port: number): void {
  process.on('disconnect', () => process.exit());
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    process.send?.({
      cpuSeconds: (user + system) / 1e6,
      rssBytes: process.memoryUsage.rss(),
    } satisfies Usage);
  });
  process.send?.({ port } satisfies Ready);
}

/** Requests per second of the server's processor time while `work` runs `count` of them. */
export async function perCpuSecond(
  server: Measured,
  count: number,
  work: () => Promise<void>,
): Promise<number> {
  const before = await server.usage();
  await work();
  const after = await server.usage();
  return count / (after.cpuSeconds - before.cpuSeconds);
}
