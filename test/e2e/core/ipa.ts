import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { concat } from '@esim-rsp/codec';

/** The frames of the Osmocom programs: length, stream, content. */
export type Frame = { readonly stream: number; readonly content: Uint8Array };

/** A connection that carries frames. */
export type IpaConnection = Disposable & {
  send(frame: Frame): void;
  /** The next frame of this stream; others are dropped. */
  next(stream: number): Promise<Uint8Array>;
};

const HEADER = 3;

export async function connectIpa(host: string, port: number): Promise<IpaConnection> {
  const socket = connect(port, host);
  await once(socket, 'connect');
  const frames = framesOf(socket);
  return {
    send: ({ stream, content }) => {
      socket.write(concat(Uint8Array.of(content.length >> 8, content.length & 0xff, stream), content));
    },
    next: async (wanted) => {
      for (;;) {
        const { value } = await frames.next();
        if (value === undefined) return assert.fail('the connection has ended');
        if (value.stream === wanted) return value.content;
      }
    },
    [Symbol.dispose]: () => socket.destroy(),
  };
}

async function* framesOf(socket: Socket): AsyncGenerator<Frame, undefined> {
  let waiting: Uint8Array = new Uint8Array();
  for await (const piece of socket) {
    waiting = concat(waiting, piece as Buffer);
    for (;;) {
      const length = ((waiting[0] ?? 0) << 8) | (waiting[1] ?? 0);
      if (waiting.length < HEADER || waiting.length < HEADER + length) break;
      yield { stream: waiting[2] as number, content: waiting.slice(HEADER, HEADER + length) };
      waiting = waiting.slice(HEADER + length);
    }
  }
}
