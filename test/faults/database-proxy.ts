import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** What is between a node and its PostgreSQL: a network that can be slow, and that can lose connections. */
export type DatabaseProxy = Disposable & {
  readonly port: number;
  /** New connections go to another database; those that are open stay where they are. */
  aimAt(databasePort: number): void;
  /** Every piece of data arrives so many milliseconds later, in both directions. */
  delay(ms: number): void;
  /** Silently loses everything that is sent: on the connections that are open, for good; on new ones until `heal`. */
  loseAll(): void;
  heal(): void;
  /** Ends all connections at once: whether the last statements were executed, the node cannot know. */
  cut(): void;
};

export async function startDatabaseProxy(databasePort: number): Promise<DatabaseProxy> {
  let target = databasePort;
  const pairs = new Set<() => void>();
  const paths = new Set<{ isLost: boolean }>();
  let delayMs = 0;
  let isLosing = false;
  const server = createServer({ noDelay: true }, (node) => {
    const database = connect({ port: target, host: '127.0.0.1', noDelay: true });
    const path = { isLost: isLosing };
    paths.add(path);
    const end = () => {
      paths.delete(path);
      node.resetAndDestroy();
      database.destroy();
      pairs.delete(end);
    };
    pairs.add(end);
    for (const [from, to] of [
      [node, database],
      [database, node],
    ] as const)
      passOn(from, to, () => (path.isLost ? undefined : delayMs)).then(end, end);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = () => {
    for (const end of [...pairs]) end();
  };
  return {
    port: (server.address() as AddressInfo).port,
    aimAt: (port) => {
      target = port;
    },
    delay: (ms) => {
      delayMs = ms;
    },
    cut,
    loseAll: () => {
      isLosing = true;
      for (const path of paths) path.isLost = true;
    },
    heal: () => {
      isLosing = false;
    },
    [Symbol.dispose]: () => {
      server.close();
      cut();
    },
  };
}

/** Resolves when one side has ended. A delay that is undefined: what comes is lost. */
async function passOn(from: Socket, to: Socket, delay: () => number | undefined): Promise<void> {
  to.on('error', () => from.destroy());
  for await (const piece of from) {
    const delayMs = delay();
    if (delayMs === undefined) continue;
    if (delayMs > 0) await sleep(delayMs);
    to.write(piece);
  }
}
