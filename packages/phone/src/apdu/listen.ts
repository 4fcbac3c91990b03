import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { PhoneError } from '../phone-error.ts';
import type { AnswerLine } from './answer-lines.ts';
import { linesOf } from './lines.ts';
import { isMessage } from './lpac.ts';

/** Programs on this machine only: who can use the card can use its profiles. */
export const LOOPBACK = '127.0.0.1';

export type Listening = {
  /** 0: a free one. */
  readonly port: number;
  readonly answer: AnswerLine;
  /** Called when clients can connect. */
  readonly onReady: (port: number) => void;
  /** Called when a client has gone. */
  readonly onGone: () => Promise<void>;
  /** Called when a client was disconnected, with the reason. */
  readonly onRejected: (reason: string) => void;
  /** `listen` closes everything and resolves when this does. */
  readonly stopped: Promise<void>;
};

/**
 * Answers lpac's protocol over TCP, one client at a time. Throws a PhoneError if the port cannot be opened, and what `onGone` throws: the
 * file of the card could not be written then.
 */
export async function listen(listening: Listening): Promise<void> {
  const { port, answer, onReady, onGone, onRejected, stopped } = listening;
  const broken = Promise.withResolvers<never>();
  const clients = new Map<Socket, Promise<void>>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    const served = serve(socket, answer)
      .catch((error: Error) => {
        if (error instanceof Rejected) onRejected(error.message);
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
    const reason = error.code === 'EADDRINUSE' ? 'another program listens there already' : error.message;
    throw new PhoneError('port', `port ${port} cannot be used: ${reason}`, { cause: error });
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

/** A client that was disconnected. */
class Rejected extends Error {}

/** Whether the client left in the middle of something, which is no fault of ours. */
function isPremature(error: NodeJS.ErrnoException): boolean {
  return ['ERR_STREAM_PREMATURE_CLOSE', 'ECONNRESET', 'EPIPE', 'ABORT_ERR'].includes(error.code ?? '');
}

/** A web page can make a browser write to any port, so a client is disconnected at its first line that is not of the protocol. */
async function serve(socket: Socket, answer: AnswerLine): Promise<void> {
  await pipeline(
    linesOf(socket),
    async function* (lines) {
      for await (const line of lines) {
        if (!isMessage(line))
          throw new Rejected('a client that does not speak the protocol was disconnected');
        const reply = await answer(line);
        if (reply !== undefined) yield `${reply}\n`;
      }
    },
    socket,
  );
}
