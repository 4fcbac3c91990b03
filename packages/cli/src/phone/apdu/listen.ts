import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { CliError } from '../../command.ts';
import { note } from '../../output.ts';
import { linesOf } from './lines.ts';
import { isMessage } from './lpac.ts';

/** Programs on this machine only: whoever has the card has its profiles. */
export const LOOPBACK = '127.0.0.1';

export type Listening = {
  /** 0: one that is free. */
  readonly port: number;
  readonly answer: (line: string) => Promise<string | undefined>;
  /** A client has gone. */
  readonly onGone: () => Promise<void>;
  readonly onReady: (port: number) => void;
  /** Ends it all. */
  readonly stopped: Promise<void>;
};

/** Offers the protocol over TCP, to one client at a time; ends when it is stopped, or when the card cannot be kept. */
export async function listen({ port, answer, onGone, onReady, stopped }: Listening): Promise<void> {
  const broken = Promise.withResolvers<never>();
  const clients = new Map<Socket, Promise<void>>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    const served = serve(socket, answer)
      .catch((error: Error) => {
        if (error instanceof HungUp) note(error.message);
        else if (socket.errored !== error && !isPremature(error)) throw error;
      })
      .then(onGone)
      .catch(broken.reject)
      .finally(() => clients.delete(socket));
    clients.set(socket, served);
  });
  server.maxConnections = 1;
  server.listen(port, LOOPBACK);
  await once(server, 'listening').catch((error: NodeJS.ErrnoException) => {
    const words = error.code === 'EADDRINUSE' ? 'something listens there already' : error.message;
    throw new CliError(`port ${port} cannot be used: ${words}`);
  });
  onReady((server.address() as AddressInfo).port);
  try {
    await Promise.race([stopped, broken.promise]);
  } finally {
    server.close();
    for (const client of clients.keys()) client.destroy();
    await Promise.all(clients.values());
  }
}

/** A client was sent away. */
class HungUp extends Error {}

/** The client left in the middle of something: that is its affair. */
function isPremature(error: NodeJS.ErrnoException): boolean {
  return ['ERR_STREAM_PREMATURE_CLOSE', 'ECONNRESET', 'EPIPE', 'ABORT_ERR'].includes(error.code ?? '');
}

/** A browser can be made to write to any port: what does not speak the protocol is hung up on at its first line. */
async function serve(socket: Socket, answer: (line: string) => Promise<string | undefined>): Promise<void> {
  await pipeline(
    linesOf(socket),
    async function* (lines) {
      for await (const line of lines) {
        if (!isMessage(line)) throw new HungUp('a client that does not speak the protocol was hung up on');
        const reply = await answer(line);
        if (reply !== undefined) yield `${reply}\n`;
      }
    },
    socket,
  );
}
