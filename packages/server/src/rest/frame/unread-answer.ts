import type { ServerResponse } from 'node:http';

/** The time in which a client has to read what waits for it in the buffers of its connection: less than 100 kB. */
const UNREAD_MS = 60_000;
const LOOK_EVERY_MS = 1000;

/** For a long answer: ends the connection of a client that does not read it, so that what it needs on the server ends too. */
export function endUnread(response: ServerResponse, unreadMs = UNREAD_MS): void {
  let waits = 0;
  let readAt = performance.now();
  const hasRead = () => {
    readAt = performance.now();
  };
  const look = () => {
    const { writableLength } = response;
    if (writableLength === 0 || writableLength < waits) hasRead();
    waits = writableLength;
    if (performance.now() - readAt > unreadMs) response.destroy();
  };
  const timer = setInterval(look, Math.min(LOOK_EVERY_MS, unreadMs / 2)).unref();
  response.on('drain', hasRead);
  response.once('close', () => clearInterval(timer));
}
