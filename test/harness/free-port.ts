import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Settings } from './server.ts';

/**
 * Ports that no system gives away by itself: Linux gives those from 32768 on to connections and to listeners of port 0,
 * macOS and Windows those from 49152 on. Such a port could be taken between two starts of a program.
 */
const [FIRST, LAST] = [20_000, 32_767];

/** The ports that this process has chosen. */
const chosen = new Set<number>();

/** A port for a program that cannot choose one itself, or that is started again. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(FIRST, LAST + 1);
    if (chosen.has(port) || !(await isFree(port))) continue;
    chosen.add(port);
    return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    await once(server.listen(port, '127.0.0.1'), 'listening');
  } catch {
    return false; // another program has it
  }
  await once(server.close(), 'close');
  return true;
}

/** Settings for a server that is started again at the same addresses. */
export async function freeAddresses(): Promise<Settings> {
  const [http, es9, es2] = [await freePort(), await freePort(), await freePort()];
  return { ESIM_HTTP_PORT: String(http), ESIM_ES9_PORT: String(es9), ESIM_ES2_PORT: String(es2) };
}
