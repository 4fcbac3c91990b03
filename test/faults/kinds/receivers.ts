import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServerStore } from '@esim-rsp/server/store/ports/server-store';
import { sha256 } from '@esim-rsp/sgp22/crypto/digest';
import { type Receiver, startReceiver } from '../../harness/receiver.ts';
import { account, withMovableClock } from '../../harness/server.ts';
import { progressTo } from '../callers/es2.ts';
import { checkDeliveries, operatorAudience, webhookAudience } from '../deliveries.ts';
import type { Fault, FaultRun } from '../fault.ts';
import { actUntil, createTemplate, openWorld, type Template, type World } from '../world.ts';
import { allCallers, checkAll, settle } from './kills.ts';

const ROUNDS = { quick: 1, medium: 3, full: 20 } as const;
const ACTING_MS = 500;
/** Later than any pause between attempts. */
const LATER_MS = 3 * 3_600_000;
/** In which a receiver that answers has its events, whatever the others do. */
const SOON_MS = 45_000;

export const badReceivers: Fault = {
  name: 'receivers that hang, refuse or answer garbage get every event when they answer again, and keep none from others',
  engines: ['sqlite', 'postgres'],
  run: async (run) => {
    await using template = await createTemplate(run);
    for (let left: number = ROUNDS[run.size]; left > 0; left--) {
      await misbehaveInOneWorld(run, template);
      if (run.stopping.aborted) return;
    }
  },
};

type Misbehaviour = (socket: Socket) => void;

/** What a receiver does with a connection instead of an answer. */
const misbehaviours: readonly Misbehaviour[] = [
  () => undefined, // hangs
  (socket) => socket.resetAndDestroy(),
  (socket) => void socket.end('\0\xff garbage '.repeat(1000)),
  (socket) => void socket.end('HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nshort'),
  (socket) => void socket.end('HTTP/1.1 500 Oh\r\nretry-after: 99999999999999\r\ncontent-length: 0\r\n\r\n'),
  (socket) => void socket.end('HTTP/1.1 302 Elsewhere\r\nlocation: /\r\ncontent-length: 0\r\n\r\n'),
  (socket) => {
    const drip = setInterval(() => socket.write('HTTP/1.1 100 Continue\r\n\r\n'), 50);
    socket.once('close', () => clearInterval(drip));
  },
];

/** A door before a receiver: while it is shut, callers meet the misbehaviour. */
async function startDoor({ url }: Receiver, misbehaviour: Misbehaviour) {
  const { port, pathname } = new URL(url);
  const { connect } = await import('node:net');
  const sockets = new Set<Socket>();
  const door = { isShut: true, url: '' };
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).once('close', () => sockets.delete(socket));
    if (door.isShut) return void socket.once('data', () => misbehaviour(socket));
    const behind = connect(Number(port), '127.0.0.1').on('error', () => socket.destroy());
    socket.pipe(behind).pipe(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  door.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${pathname}`;
  return Object.assign(door, {
    open: () => {
      door.isShut = false;
      for (const socket of sockets) socket.destroy();
    },
    [Symbol.dispose]: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  });
}

/** Some receivers misbehave while callers act; the good one has its events soon, and the others when they answer again. */
async function misbehaveInOneWorld(run: FaultRun, template: Template): Promise<void> {
  await using world = await openWorld(run, template, { settings: withMovableClock() });
  await using stack = new AsyncDisposableStack();
  const store = await run.engine.open(world.dataDir);
  const bad = await Promise.all(
    misbehaviours.map(async (misbehaviour, i) => {
      const [hook, progress] = [await behindDoor(misbehaviour, stack), await behindDoor(misbehaviour, stack)];
      const { data } = await world.server.api.createWebhook({ url: hook.door.url, events: ['*'] });
      await addOperator(store, `op${i}`, progress.door.url);
      return [
        { door: hook.door, audience: webhookAudience(data.id, hook.receiver) },
        { door: progress.door, audience: operatorAudience(`op${i}`, progress.receiver) },
      ];
    }),
  );
  await store.close();
  const targets = bad.flat();
  await act(world);
  run.findings.injected(targets.length);
  await checkAll(world);
  for (const audience of world.audiences) await checkDeliveries(world, audience, SOON_MS);
  for (const { door } of targets) door.open();
  world.server.moveClock(LATER_MS);
  await settle(world);
  for (const { audience } of targets) await checkDeliveries(world, audience);
}

async function behindDoor(misbehaviour: Misbehaviour, stack: AsyncDisposableStack) {
  const receiver = stack.use(await startReceiver());
  return { receiver, door: stack.use(await startDoor(receiver, misbehaviour)) };
}

/** An operator that only listens. */
async function addOperator(store: ServerStore, name: string, url: string): Promise<void> {
  await store.addOperator({
    name,
    account: account.ESIM_BOOTSTRAP_USER_ID,
    identity: { certificateSha256: sha256(new TextEncoder().encode(name)) },
    requesterIdentifiers: [name],
    createdAt: 1,
    progress: progressTo(url),
  });
}

async function act(world: World): Promise<void> {
  const stop = new AbortController();
  const acting = actUntil(world, allCallers(world), stop.signal);
  await sleep(ACTING_MS);
  stop.abort();
  await acting;
}
