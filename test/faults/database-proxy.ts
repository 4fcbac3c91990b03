import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** What is between a node and its PostgreSQL: a network that can be slow, and that can lose connections. */
export type DatabaseProxy = Disposable & {
  readonly port: number;
  /** Every piece of data arrives so many milliseconds later, in both directions. */
  delay(ms: number): void;
  /** Ends all connections at once: whether the last statements were executed, the node cannot know. */
  cut(): void;
};

export async function startDatabaseProxy(databasePort: number): Promise<DatabaseProxy> {
  const pairs = new Set<() => void>();
  let delayMs = 0;
  const server = createServer({ noDelay: true }, (node) => {
    const database = connect({ port: databasePort, host: '127.0.0.1', noDelay: true });
    const end = () => {
      node.resetAndDestroy();
      database.destroy();
      pairs.delete(end);
    };
    pairs.add(end);
    for (const [from, to] of [
      [node, database],
      [database, node],
    ] as const)
      passOn(from, to, () => delayMs).then(end, end);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = () => {
    for (const end of [...pairs]) end();
  };
  return {
    port: (server.address() as AddressInfo).port,
    delay: (ms) => {
      delayMs = ms;
    },
    cut,
    [Symbol.dispose]: () => {
      server.close();
      cut();
    },
  };
}

/** Resolves when one side has ended. */
async function passOn(from: Socket, to: Socket, delayMs: () => number): Promise<void> {
  to.on('error', () => from.destroy());
  for await (const piece of from) {
    if (delayMs() > 0) await sleep(delayMs());
    to.write(piece);
  }
}
