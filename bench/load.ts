import { connect, type Socket } from 'node:net';

export type Answer = { readonly status: number; readonly body: Buffer };

/** One HTTP/1.1 request over a kept-alive connection. An answer of 300 or more rejects. The generator must be cheaper than any server. */
export type Exchange = (request: Uint8Array | string) => Promise<Answer>;

/** A connection that sends one request at a time. It understands answers with Content-Length, and 204 without. */
export async function openConnection(port: number): Promise<{ exchange: Exchange; close: () => void }> {
  const socket = await new Promise<Socket>((resolve, reject) => {
    const opening = connect({ port, host: '127.0.0.1', noDelay: true }, () => resolve(opening));
    opening.once('error', reject);
  });
  let received: Buffer = Buffer.alloc(0);
  let waiting: { resolve: (answer: Answer) => void; reject: (error: Error) => void } | undefined;
  socket.on('error', (error) => waiting?.reject(error));
  socket.on('close', () => waiting?.reject(new Error('the server closed the connection')));
  socket.on('data', (chunk: Buffer) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
    const answer = answerIn(received);
    if (answer === undefined) return;
    received = received.subarray(answer.end);
    const { resolve, reject } = waiting ?? {};
    waiting = undefined;
    if (answer.status >= 300) reject?.(new Error(`HTTP ${answer.status}: ${answer.body}`));
    else resolve?.(answer);
  });
  const exchange: Exchange = (request) =>
    new Promise((resolve, reject) => {
      waiting = { resolve, reject };
      socket.write(request);
    });
  return { exchange, close: () => socket.destroy() };
}

function answerIn(bytes: Buffer): (Answer & { readonly end: number }) | undefined {
  const headEnd = bytes.indexOf('\r\n\r\n');
  if (headEnd < 0) return undefined;
  const head = bytes.toString('latin1', 0, headEnd);
  const status = Number(head.slice(9, 12));
  const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);
  const end = headEnd + 4 + length;
  return bytes.length < end ? undefined : { status, body: bytes.subarray(headEnd + 4, end), end };
}

/** Sends the requests of `next` over `connections` connections until `count` of them have succeeded. `check` can inspect the answers. */
export async function load(
  port: number,
  { connections, count }: { readonly connections: number; readonly count: number },
  next: (i: number) => Uint8Array | string,
  check: (body: Buffer, i: number) => void = () => undefined,
): Promise<void> {
  let sent = 0;
  const one = async () => {
    const { exchange, close } = await openConnection(port);
    while (sent < count) {
      const i = sent++;
      check((await exchange(next(i))).body, i);
    }
    close();
  };
  await Promise.all(Array.from({ length: connections }, one));
}
